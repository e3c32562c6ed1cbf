import {
  type Block,
  blockDigest,
  type Digest,
  equalBytes,
  findBodyDefect,
  type Item,
  type ValidatorSet,
} from "@aethel/models";
import { createPlainBlock } from "../plain-chain.ts";
import type { ApplicationHead, ProposeRequest } from "../ports.ts";
import { isConvicting } from "./convicting.ts";
import { type Applied, applyItems, type StateMachine } from "./state-machine.ts";

/** Last final block, and the state after it. */
interface Standing<State> {
  readonly head: ApplicationHead;
  readonly state: State;
}

/** Builder and executor of blocks on top of the last final block. */
export interface BlockExecution<State> {
  /**
   * Builds a block of items. Returns undefined if the block would have neither items nor evidence
   * and the reason of the request is `work`.
   */
  build(
    on: Standing<State>,
    parts: { readonly request: ProposeRequest; readonly items: readonly Item[] },
  ): Block | undefined;
  /** Executes a block. Refuses it if the result does not give the header with this digest. */
  execute(on: Standing<State>, block: Block, digest: Digest): Applied<State>;
  /** Forgets the block that was executed last. MUST be called when a block becomes final. */
  forget(): void;
}

/**
 * Creates the execution of a chain's blocks. It keeps the state after the block that it executed
 * last.
 */
export function createBlockExecution<State>(options: {
  readonly machine: StateMachine<State>;
  readonly genesis: Digest;
  readonly validators: ValidatorSet;
}): BlockExecution<State> {
  const { machine, genesis, validators } = options;
  /**
   * Digest of the block that was executed last, on top of the head, and the state after it.
   * Undefined: no block was executed.
   */
  let executed: { readonly digest: Digest; readonly state: State } | undefined;
  return {
    build({ head, state }, { request: given, items }) {
      const { sequence } = given;
      const evidence = given.evidence.filter((item) =>
        isConvicting(item, { genesis, validators, sequence }),
      );
      const request = { ...given, evidence };
      if (items.length + evidence.length === 0 && request.reason === "work") return undefined;
      const applied = applyItems(machine, state, items);
      if (applied.type === "refused") throw new Error(`apply is not pure: ${applied.reason}`);
      const application = machine.root(applied.state);
      const block = createPlainBlock({ head, request, items, application });
      executed = { digest: blockDigest(block.header), state: applied.state };
      return block;
    },
    execute({ head, state }, block, digest) {
      if (findBodyDefect(block) !== undefined) return { type: "refused", reason: "another body" };
      if (executed !== undefined && equalBytes(executed.digest, digest)) {
        return { type: "applied", state: executed.state };
      }
      const { sequence } = block.header;
      if (!block.evidence.every((item) => isConvicting(item, { genesis, validators, sequence }))) {
        return { type: "refused", reason: "its evidence convicts nobody" };
      }
      const applied = applyItems(machine, state, block.items);
      if (applied.type === "refused") return applied;
      const request = { ...block.header, ...block };
      const application = machine.root(applied.state);
      const { header } = createPlainBlock({ head, request, items: block.items, application });
      if (!equalBytes(blockDigest(header), digest)) {
        return { type: "refused", reason: "the header is not what its items give" };
      }
      executed = { digest, state: applied.state };
      return applied;
    },
    forget: () => {
      executed = undefined;
    },
  };
}
