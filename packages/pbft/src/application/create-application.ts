import {
  APPLICATION_HEADER_BYTES_MAX,
  type Digest,
  equalBytes,
  type FinalizedBlock,
  type Item,
  type ValidatorSet,
} from "@aethel/models";
import { PbftError } from "../errors.ts";
import { advanceHead } from "../plain-chain.ts";
import type { Application } from "../ports.ts";
import { leadershipAfter } from "../schedule/leader-at.ts";
import { EMPTY_LEADERSHIP } from "../schedule/record.ts";
import { createBlockExecution } from "./block-execution.ts";
import { type ChainStore, createMemoryChainStore } from "./chain-store.ts";
import { openChain, type StateCoding } from "./open-chain.ts";
import {
  createPendingItems,
  type PendingBounds,
  resolveBounds,
  type Submission,
} from "./pending-items.ts";
import type { StateMachine } from "./state-machine.ts";

/** Options of an application: a state machine, and the chain that replicates it. */
export interface ApplicationOptions<State> extends StateMachine<State> {
  /** Id of the chain. All its replicas have the same, and no other chain has it. */
  readonly genesis: Digest;
  /** Replicas that vote. This set never changes. */
  readonly validators: ValidatorSet;
  /** Store of blocks and state. Default: in memory, lost when the process ends. */
  readonly store?: ChainStore;
  /** Encodes and decodes the state. If undefined, a restart applies all blocks again. */
  readonly coding?: StateCoding<State>;
  readonly bounds?: Partial<PendingBounds>;
}

/** State machine, wrapped as the `Application` of a replica. */
export interface ReplicatedApplication<State> extends Application {
  /**
   * Adds an item to the mempool of this replica. If it is accepted, the caller should call
   * `Replica.notifyWork`. This replica puts the item into a block only when it leads, so the caller
   * should also send it to other replicas, to all of them if possible.
   */
  submit(bytes: Uint8Array): Submission;
  /** Returns the state after the last final block. The caller MUST NOT change it. */
  state(): State;
  /** Returns the items that wait, in order of arrival. */
  pending(): readonly Item[];
  /** Calls `listener` after each final block. The returned function ends the subscription. */
  subscribe(listener: (finalized: FinalizedBlock, state: State) => void): () => void;
}

const SAVED_EVERY_BLOCKS = 1_000;

/**
 * Creates an application from a state machine. A block has items in the order in which its leader
 * received them. Every honest replica refuses a block with an item that cannot apply, or whose
 * header has another root. The leader then loses the view, and no item of the block is applied.
 * @throws PbftError `CHAIN_DAMAGED` or `STORAGE` if the store cannot be read; `CONFIG` for a wrong
 * option.
 */
export async function createApplication<State>(
  options: ApplicationOptions<State>,
): Promise<ReplicatedApplication<State>> {
  const { genesis, validators, coding, store = createMemoryChainStore() } = options;
  const machine = withRootBound(options);
  const bounds = resolveBounds(options.bounds);
  const everyBlocks = coding?.everyBlocks ?? SAVED_EVERY_BLOCKS;
  let { head, state, saved } = await openChain({ genesis, validators, machine, coding, store });
  const pending = createPendingItems(machine, { state, bounds });
  const listeners = new Set<(finalized: FinalizedBlock, state: State) => void>();
  const execution = createBlockExecution({ machine, genesis, validators });
  /**
   * Saves the state if `everyBlocks` blocks have become final since it was last saved. A failure
   * only makes a restart slower, since the blocks are durable.
   */
  const save = async (): Promise<void> => {
    const { sequence } = head.header;
    if (coding === undefined || sequence - saved < everyBlocks) return;
    const saving = store.saveState({ sequence, bytes: coding.encode(state) });
    saved = await saving.then(() => sequence).catch(() => saved);
  };

  return {
    head: () => head,
    hasWork: pending.hasAny,
    async propose(request) {
      return execution.build({ head, state }, { request, items: pending.first() });
    },
    async verify({ block, digest }) {
      const applied = execution.execute({ head, state }, block, digest);
      return applied.type === "applied" ? { type: "accepted" } : applied;
    },
    async commit(finalized, given) {
      const { block, certificate } = finalized;
      if (equalBytes(certificate.digest, head.digest)) return head;
      const applied = execution.execute({ head, state }, block, certificate.digest);
      if (applied.type === "refused") {
        throw new Error(`block ${block.header.sequence} cannot apply: ${applied.reason}`);
      }
      const leadership =
        given ?? leadershipAfter(head, block.parentCertificate) ?? EMPTY_LEADERSHIP;
      await store.append({ finalized, leadership });
      head = { ...advanceHead(head, finalized), leadership };
      ({ state } = applied);
      execution.forget();
      pending.rebase(state, block.items);
      await save();
      for (const listener of listeners) queueMicrotask(() => listener(finalized, applied.state));
      return head;
    },
    item: pending.item,
    finalized: async (sequence) => (await store.block(sequence))?.finalized,
    header: (sequence) => store.header(sequence),
    submit: pending.submit,
    state: () => state,
    pending: pending.all,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/**
 * Wraps a machine so that the length of each root is checked.
 *
 * @throws PbftError `CONFIG` for a root that no header can hold
 */
function withRootBound<State>({ initial, apply, root }: StateMachine<State>): StateMachine<State> {
  return {
    initial,
    apply,
    root(state) {
      const bytes = root(state);
      if (bytes.length <= APPLICATION_HEADER_BYTES_MAX) return bytes;
      const most = APPLICATION_HEADER_BYTES_MAX;
      const problems = [`root: ${bytes.length} bytes, more than ${most}; take a hash of them`];
      throw new PbftError({ code: "CONFIG", problems });
    },
  };
}
