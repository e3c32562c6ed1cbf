import type { AuthorQueue, End } from "./author-queue.ts";
import { isTenthAbove, type Price, ratioOf, spread } from "./offer.ts";
import { hashFirst, heldBytes, type Lane, laneOf, type PendingProof, placesOf } from "./pending.ts";
import { createRoom, type Room } from "./room.ts";
import type { StateView } from "./state-view.ts";

/**
 * Number of the first proofs of an author that may drive others out. They are few, since one block
 * that uses the author's nonce or balance can remove all of them for the fee of one.
 */
export const FRONT = 4;

/**
 * Number of blocks that a proof must last to drive another one out, so that it is likely to pay.
 */
export const LASTING = 16;

/**
 * Creates the room of the runnable proofs of a lane. The cheapest gives way first. The price of a
 * proof counts as the lowest of it and the author's earlier proofs, divided by their number. So a
 * chain of proofs that may all fail drives out no more than its first pays for, and the last proof
 * of an author gives way before its others.
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
 * Creates the room of the proofs that cannot run yet. Nobody pays for waiting, so prices do not
 * count: the author who holds the most gives way first, with the highest nonce; of equals, the one
 * that has waited longest.
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

/** Proof that is to be runnable, with its index in its author's queue. */
export interface Newcomer {
  readonly pending: PendingProof;
  readonly queue: AuthorQueue;
  readonly at: number;
  /** Lowest price among `pending` and the author's earlier proofs. */
  readonly floor: Price;
}

/** Whether the end of a lane gives way to a newcomer, which pays a tenth more. */
export function givesWay(end: End, { at, floor }: Newcomer): boolean {
  return isTenthAbove(spread(floor, at + 1), spread(end.pending.floor, end.at + 1));
}

/** Whether a newcomer pays a tenth more than all chosen proofs together. */
export function paysForAll({ pending }: Newcomer, chosen: readonly End[]): boolean {
  if (chosen.length < 2) return true;
  const lost = chosen.reduce((sum, end) => sum + bidOf(end.pending), 0n);
  return bidOf(pending) * 10n >= lost * 11n;
}

/** Price of a proof times its weight, in millionths. */
function bidOf({ offer: { price, weight } }: PendingProof): bigint {
  return price.over * weight;
}

/**
 * Whether a newcomer may drive others out: it and the proofs before it last long enough, and pay
 * when the base fee doubles, which takes six full blocks. Otherwise it may leave before a block
 * charges it.
 */
export function mayDriveOut({ pending, queue, at }: Newcomer, view: StateView): boolean {
  if (at >= FRONT) return false;
  return [...queue.proofs.slice(0, at), pending].every(
    (one) =>
      one.proof.body.expiry >= view.next + LASTING &&
      one.offer.baseFeeMax >= 2 * view.baseFees[laneOf(one)],
  );
}
