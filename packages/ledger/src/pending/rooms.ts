import type { AuthorQueue, End } from "./author-queue.ts";
import { isTenthAbove, type Price, ratioOf, spread } from "./offer.ts";
import { hashFirst, heldBytes, type Lane, laneOf, type PendingProof, placesOf } from "./pending.ts";
import { createRoom, type Room } from "./room.ts";
import type { StateView } from "./state-view.ts";

/**
 * Number of an author's first proofs that may evict others. It is small because a block that uses
 * the author's nonce or balance can invalidate all these proofs, and charges for only one of them.
 */
export const FRONT = 4;

/**
 * Least number of blocks between the next block and the expiry of a proof that may evict another.
 * So that proof is likely to pay its fee.
 */
export const LASTING = 16;

/**
 * Creates the part of the mempool for the runnable proofs of a lane. The cheapest proof is evicted
 * first. The price in this order is the lowest price among a proof and its author's earlier proofs,
 * divided by the number of these proofs. So a chain of proofs, which may all fail, evicts no more
 * than its first proof pays for, and the last proof of an author is evicted before its others.
 */
export function createLaneRoom(name: Lane): Room {
  return createRoom({
    name,
    sizeOf: heldBytes,
    endOf: (queue, after) => {
      const own = name === "invoke" ? queue.invokes : queue.runnable - queue.invokes;
      if (own === 0) return undefined;
      for (let at = (after?.at ?? queue.runnable) - 1; at >= 0; at--) {
        const pending = queue.proofs[at];
        if (pending === undefined || laneOf(pending) !== name) continue;
        const measure = ratioOf(spread(pending.floor, at + 1));
        return { queue, pending, at, measure, since: 0 };
      }
      return undefined;
    },
    first: (left, right) =>
      left.measure === right.measure
        ? hashFirst(right.pending, left.pending)
        : left.measure < right.measure,
  });
}

/**
 * Creates the part of the mempool for the proofs that cannot run yet. Prices do not count, since
 * waiting costs no fee. The author with the most kibibytes loses first, beginning with its highest
 * nonce. Among authors with equally many, the one whose last proof has waited longest loses first.
 */
export function createWaitingRoom(): Room {
  return createRoom({
    name: "waiting",
    sizeOf: placesOf,
    endOf: (queue, after) => {
      const [last, measure] =
        after === undefined
          ? [queue.proofs.length, queue.waitingPlaces]
          : [after.at, after.measure - placesOf(after.pending)];
      for (let at = last - 1; at >= queue.runnable; at--) {
        const pending = queue.proofs[at];
        if (pending === undefined || pending.status === "judging") continue;
        return { queue, pending, at, measure, since: pending.waitingSince };
      }
      return undefined;
    },
    first: (left, right) => {
      if (left.measure !== right.measure) return left.measure > right.measure;
      if (left.since !== right.since) return left.since < right.since;
      return hashFirst(left.pending, right.pending);
    },
  });
}

/**
 * Proof that is about to become runnable, with its current or future index in its author's queue.
 */
export interface Newcomer {
  readonly pending: PendingProof;
  readonly queue: AuthorQueue;
  readonly at: number;
  /** Lowest price among `pending` and the author's earlier proofs. */
  readonly floor: Price;
}

/**
 * Whether a newcomer may evict a runnable proof: its price in the eviction order is at least a
 * tenth higher.
 */
export function givesWay(end: End, { at, floor }: Newcomer): boolean {
  return isTenthAbove(spread(floor, at + 1), spread(end.pending.floor, end.at + 1));
}

/**
 * Whether a newcomer pays at least a tenth more than all chosen proofs together. True for a single
 * chosen proof, which `givesWay` has checked already.
 */
export function paysForAll({ pending }: Newcomer, chosen: readonly End[]): boolean {
  if (chosen.length < 2) return true;
  const lost = chosen.reduce((sum, end) => sum + bidOf(end.pending), 0n);
  return bidOf(pending) * 10n >= lost * 11n;
}

/** Returns the price of a proof times its weight, in millionths of a micro-token. */
function bidOf({ offer: { price, weight } }: PendingProof): bigint {
  return price.over * weight;
}

/**
 * Whether a newcomer may evict others. It must be one of its author's first `FRONT` proofs. It and
 * the proofs before it must expire at least `LASTING` blocks later and still pay if the base fee
 * doubles, which takes six full blocks. Otherwise it could leave before a block charges for it.
 */
export function mayDriveOut({ pending, queue, at }: Newcomer, view: StateView): boolean {
  if (at >= FRONT) return false;
  return [...queue.proofs.slice(0, at), pending].every(
    (one) =>
      one.proof.body.expiry >= view.next + LASTING &&
      one.offer.baseFeeMax >= 2 * view.baseFees[laneOf(one)],
  );
}
