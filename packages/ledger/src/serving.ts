import type { ChainParameters } from "@aethel/models";
import { type AuthorQueue, headOf } from "./author-queue.ts";
import { createHeap, type Heap } from "./heap.ts";
import { invokeFirst, judgedFirst, type Lane, laneOf, type PendingProof } from "./pending.ts";

/** Proofs for one block, one after the other. Each MUST be answered before the next is asked for. */
export interface Serving {
  /** The next proof to try; undefined when there is none left. */
  next(): PendingProof | undefined;
  /** It is in the block; `resource` is what it used. */
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
 * is not left empty. Of each author only the next nonce is ever offered.
 */
export function serve(options: {
  readonly queues: Iterable<AuthorQueue>;
  readonly parameters: ChainParameters;
  readonly isServable: (pending: PendingProof) => boolean;
  readonly onSkipped: (pending: PendingProof) => void;
}): Serving {
  const { queues, parameters, isServable, onSkipped } = options;
  const lanes: Readonly<Record<Lane, Heap<Offer>>> = {
    invoke: createHeap((left, right) => invokeFirst(left.pending, right.pending)),
    judged: createHeap((left, right) => judgedFirst(left.pending, right.pending)),
  };
  const used: Record<Lane, number> = { invoke: 0, judged: 0 };
  const offer = (queue: AuthorQueue, pending: PendingProof | undefined): void => {
    if (pending === undefined || !isServable(pending)) return;
    lanes[laneOf(pending)].push({ queue, pending });
  };
  for (const queue of queues) offer(queue, headOf(queue));
  let current: Offer | undefined;
  return {
    next: () => {
      const first = used.invoke <= used.judged ? "invoke" : "judged";
      const other = first === "invoke" ? "judged" : "invoke";
      current = lanes[first].pop() ?? lanes[other].pop();
      return current?.pending;
    },
    taken: (resource) => {
      if (current === undefined) return;
      const { pending, queue } = current;
      used[laneOf(pending)] +=
        pending.bytes / parameters.blockBytesMax + resource / parameters.blockResourceMax;
      offer(queue, queue.byNonce.get(pending.proof.body.nonce + 1));
    },
    skipped: (why) => {
      if (current !== undefined && why === "refused") onSkipped(current.pending);
    },
  };
}

interface Offer {
  readonly queue: AuthorQueue;
  readonly pending: PendingProof;
}
