import { type AuthorQueue, inNonceOrder } from "./author-queue.ts";
import { createHeap, type Heap } from "./heap.ts";
import { type PendingProof, paysMore, paysTenthMore } from "./pending.ts";

/** Finds what a full mempool gives up for a proof that pays more. */
export interface Eviction {
  /** Every proof that comes in is noted; that it left need not be said. */
  note(pending: PendingProof): void;
  /**
   * What must go so that `wanted` has room: the cheapest, each with all that waits behind it, since
   * that cannot run before it. Undefined when the newcomer does not pay a tenth more than each.
   */
  victims(wanted: Wanted): readonly PendingProof[] | undefined;
}

/** A newcomer, and the room that it lacks. */
export interface Wanted {
  readonly newcomer: PendingProof;
  readonly count: number;
  readonly bytes: number;
}

/** An index of what waits, cheapest first; entries that left are dropped when they are met. */
export function createEviction(pool: {
  readonly isWaiting: (pending: PendingProof) => boolean;
  readonly queueOf: (pending: PendingProof) => AuthorQueue | undefined;
  readonly count: () => number;
}): Eviction {
  let cheapest = createHeap<PendingProof>(cheaperFirst);
  const compact = (): void => {
    const kept: Heap<PendingProof> = createHeap(cheaperFirst);
    for (let one = cheapest.pop(); one !== undefined; one = cheapest.pop()) {
      if (pool.isWaiting(one)) kept.push(one);
    }
    cheapest = kept;
  };
  return {
    note: (pending) => {
      cheapest.push(pending);
      if (cheapest.size > 2 * pool.count() + 1_024) compact();
    },
    victims: ({ newcomer, count, bytes }) => {
      const chosen = new Set<PendingProof>();
      let freed = 0;
      const looked: PendingProof[] = [];
      while (chosen.size < count || freed < bytes) {
        const lowest = cheapest.pop();
        if (lowest === undefined) break;
        if (!pool.isWaiting(lowest)) continue;
        looked.push(lowest);
        if (chosen.has(lowest)) continue;
        if (!paysTenthMore(newcomer, lowest)) break;
        for (const one of withFollowers(lowest, pool.queueOf(lowest))) {
          if (chosen.has(one)) continue;
          chosen.add(one);
          freed += one.bytes;
        }
      }
      const suffices = chosen.size >= count && freed >= bytes;
      for (const one of looked) if (!suffices || !chosen.has(one)) cheapest.push(one);
      return suffices ? [...chosen] : undefined;
    },
  };
}

function withFollowers(
  first: PendingProof,
  queue: AuthorQueue | undefined,
): readonly PendingProof[] {
  const { nonce } = first.proof.body;
  return queue === undefined
    ? [first]
    : inNonceOrder(queue).filter((one) => one.proof.body.nonce >= nonce);
}

function cheaperFirst(left: PendingProof, right: PendingProof): boolean {
  return paysMore(right, left);
}
