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
  /** Name of the chain: all replicas have the same, and no other chain has it. */
  readonly genesis: Digest;
  /** The replicas that vote. The set does not change. */
  readonly validators: ValidatorSet;
  /** Blocks and state. Default: in memory, gone with the process. */
  readonly store?: ChainStore;
  /** Encodes and decodes the state. If undefined, a restart applies all blocks again. */
  readonly coding?: StateCoding<State>;
  readonly bounds?: Partial<PendingBounds>;
}

/** A state machine as an application of a replica. */
export interface ReplicatedApplication<State> extends Application {
  /**
   * Takes an item into the mempool of this replica; tell `Replica.notifyWork` then that there is
   * work. The item is in no block before its replica leads, so the caller should tell it to other
   * replicas, to all of them if possible.
   */
  submit(bytes: Uint8Array): Submission;
  /** Returns the state after the last final block. MUST NOT be changed. */
  state(): State;
  /** Returns the items that wait, in order of arrival. */
  pending(): readonly Item[];
  /** Calls a listener after each final block, until the function that is returned is called. */
  subscribe(listener: (finalized: FinalizedBlock, state: State) => void): () => void;
}

const SAVED_EVERY_BLOCKS = 1_000;

/**
 * Makes an application of a state machine. A block holds items in the order in which its leader had
 * them. Every honest replica refuses a block with an item that cannot apply, or whose header names
 * another root: its leader loses the view, and nothing of the block is applied.
 *
 * @throws PbftError `CHAIN_DAMAGED` or `STORAGE` when the store cannot be read; `CONFIG` for a
 * wrong option.
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
   * Saves the state from time to time. Blocks are durable, so a failure only makes a restart
   * slower.
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

/** Checks the length of each root. @throws PbftError `CONFIG` for one that no header can hold */
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
