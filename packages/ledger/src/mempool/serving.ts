import { assert, type ChainParameters } from "@aethel/models";
import { type AuthorQueue, proofAt } from "./author-queue.ts";
import { createHeap, type Heap } from "./heap.ts";
import {
  heldBytes,
  invokeFirst,
  judgedFirst,
  type Lane,
  laneOf,
  type PendingProof,
} from "./pending.ts";
import type { ReadyHeads } from "./ready-heads.ts";

/**
 * Proofs for one block, one after the other. Each MUST be answered before the next is asked for,
 * and the mempool MUST not change in between.
 */
export interface Serving {
  /** The next proof to try; undefined when there is none left. */
  next(): PendingProof | undefined;
  /** It is in the block; `resource` is what the Judge used for it. Of an invoke it is not looked at. */
  taken(resource: number): void;
  /**
   * It cannot be in this block, and so nothing of its author that comes after. `full`: only for
   * want of room; `refused`: not on this state.
   */
  skipped(why: "full" | "refused"): void;
}

/**
 * Serves two lanes: invokes by fee per unit, judged proofs by difficulty. The lane that has used
 * less of the block so far goes first, so each has half of the block if it wants it, and the rest
 * is not left empty. Of each author only the next nonce is ever offered. A lane in which too many
 * have no room, one after the other, or are refused is left: to find the right one among all that wait
 * would take longer than the block. So what a block costs depends on how much it takes, not on how
 * much waits.
 */
export function serve(options: {
  readonly heads: ReadyHeads;
  readonly parameters: ChainParameters;
  readonly isServable: (pending: PendingProof) => boolean;
  readonly onSkipped: (queue: AuthorQueue, pending: PendingProof) => void;
}): Serving {
  const { heads, parameters, isServable, onSkipped } = options;
  const { version } = heads;
  const frontiers: Readonly<Record<Lane, Heap<Offer>>> = {
    invoke: createHeap((left, right) => invokeFirst(left.pending, right.pending)),
    judged: createHeap((left, right) => judgedFirst(left.pending, right.pending)),
  };
  const reach = (lane: Lane, at: number): void => {
    const queue = heads.lane(lane)[at];
    if (queue?.offered !== undefined) frontiers[lane].push({ queue, pending: queue.offered, at });
  };
  const best = (lane: Lane): Offer | undefined => {
    if (missed[lane].full >= FULL_MAX || missed[lane].total >= MISSED_MAX) return undefined;
    const offer = frontiers[lane].pop();
    if (offer?.at !== undefined) {
      reach(lane, 2 * offer.at + 1);
      reach(lane, 2 * offer.at + 2);
    }
    return offer;
  };
  const workOf = ({ proof, offer }: PendingProof, resource: number): number =>
    proof.body.type === "invoke"
      ? offer.units / parameters.blockUnitsMax
      : resource / parameters.blockResourceMax;
  reach("invoke", 0);
  reach("judged", 0);
  const used: Record<Lane, number> = { invoke: 0, judged: 0 };
  /** How many could not be included: for want of room since the last that was, and in all. */
  const missed: Readonly<Record<Lane, { full: number; total: number }>> = {
    invoke: { full: 0, total: 0 },
    judged: { full: 0, total: 0 },
  };
  let current: Offer | undefined;
  return {
    next: () => {
      assert(heads.version === version, "nothing changes while a block is served");
      const first = used.invoke <= used.judged ? "invoke" : "judged";
      const other = first === "invoke" ? "judged" : "invoke";
      current = best(first) ?? best(other);
      return current?.pending;
    },
    taken: (resource) => {
      if (current === undefined) return;
      const { pending, queue } = current;
      missed[laneOf(pending)].full = 0;
      used[laneOf(pending)] +=
        heldBytes(pending) / parameters.blockBytesMax + workOf(pending, resource);
      const follower = proofAt(queue, pending.nonce + 1);
      if (follower === undefined || !isServable(follower)) return;
      frontiers[laneOf(follower)].push({ queue, pending: follower, at: undefined });
    },
    skipped: (why) => {
      if (current === undefined) return;
      const lane = missed[laneOf(current.pending)];
      if (why === "full") lane.full += 1;
      lane.total += 1;
      if (why === "refused") onSkipped(current.queue, current.pending);
    },
  };
}

/**
 * A proof behind that many of its lane that have no room waits for the next block. No proof may reserve
 * more than half of a block, a call no more than a quarter: by then that much of it is used.
 */
const FULL_MAX = 64;

/**
 * The same for all that cannot be included: so a block does bounded work, whatever waits. A proof that
 * is refused could run when the block began; what it lacks now, one in this block has taken.
 */
const MISSED_MAX = 1_024;

interface Offer {
  readonly queue: AuthorQueue;
  readonly pending: PendingProof;
  /** Where the queue stands in its lane; undefined for what follows on something served. */
  readonly at: number | undefined;
}
