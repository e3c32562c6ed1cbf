import { type AuthorQueue, placeOf } from "./author-queue.ts";
import { createHeap } from "./heap.ts";
import { heldBytes, invokeFirst, type PendingProof, paysTenthMore } from "./pending.ts";

/** Finds what a full mempool gives up for a proof that pays more. */
export interface Eviction {
  /** Every proof that comes in is noted; that it left need not be said. */
  note(pending: PendingProof): void;
  /**
   * What must go so that `wanted` has room: the cheapest, each with all that waits behind it, since
   * that cannot run before it. Undefined when the newcomer does not pay a tenth more than each, or
   * would drive out too many.
   */
  victims(wanted: Wanted): readonly PendingProof[] | undefined;
}

/** A proof that comes in, or that has got a certificate, and the room that it lacks. */
export interface Wanted {
  readonly newcomer: PendingProof;
  /** With whose proofs it waits. */
  readonly queue: AuthorQueue;
  /** Leaves anyway, or is the newcomer itself: none of the victims. */
  readonly spared: PendingProof | undefined;
  readonly count: number;
  readonly bytes: number;
}

/**
 * The most that one newcomer drives out. Who is refused pays nothing, so what looking for victims
 * costs must have an end; the longest script needs fewer of the shortest proofs.
 */
const VICTIMS_MAX = 512;

/** An index of what waits, cheapest first; entries that left are dropped when they are met. */
export function createEviction(pool: {
  readonly queueOf: (pending: PendingProof) => AuthorQueue | undefined;
  readonly count: () => number;
}): Eviction {
  const cheapest = createHeap<PendingProof>(cheaperFirst);
  return {
    note: (pending) => {
      cheapest.push(pending);
      if (cheapest.size > 2 * pool.count() + 1_024) cheapest.retain((one) => !one.isGone);
    },
    victims: ({ newcomer: coming, queue, spared, count, bytes }) => {
      const newcomer = standIn(coming, queue);
      const chosen = new Set<PendingProof>();
      let freed = 0;
      const looked: PendingProof[] = [];
      while ((chosen.size < count || freed < bytes) && chosen.size < VICTIMS_MAX) {
        const lowest = cheapest.pop();
        if (lowest === undefined) break;
        if (lowest.isGone) continue;
        looked.push(lowest);
        if (lowest === spared || chosen.has(lowest)) continue;
        if (!paysTenthMore(newcomer, lowest)) break;
        for (const one of withFollowers(lowest, pool.queueOf(lowest))) {
          if (one === spared || chosen.has(one)) continue;
          chosen.add(one);
          freed += heldBytes(one);
        }
      }
      const suffices = chosen.size >= count && freed >= bytes;
      for (const one of looked) if (!suffices || !chosen.has(one)) cheapest.push(one);
      return suffices ? [...chosen] : undefined;
    },
  };
}

/** It cannot run before the author's earlier ones, so it counts as the cheapest of them. */
function standIn(coming: PendingProof, { proofs }: AuthorQueue): PendingProof {
  let cheapest = coming;
  for (const one of proofs) {
    if (one.nonce >= coming.nonce) break;
    if (one.price < cheapest.price) cheapest = one;
  }
  return cheapest;
}

function withFollowers(
  first: PendingProof,
  queue: AuthorQueue | undefined,
): readonly PendingProof[] {
  if (queue === undefined) return [first];
  return queue.proofs.slice(placeOf(queue.proofs, first.nonce));
}

/** The other way round than they are served, so that who waits for a place has it longest. */
function cheaperFirst(left: PendingProof, right: PendingProof): boolean {
  return invokeFirst(right, left);
}
