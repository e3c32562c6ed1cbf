import type { AuthorQueue, End } from "./author-queue.ts";
import { isTenthAbove, type Price, ratioOf, spread } from "./offer.ts";
import { hashFirst, heldBytes, type Lane, laneOf, type PendingProof, placesOf } from "./pending.ts";
import { createRoom, type Room } from "./room.ts";
import type { StateView } from "./state-view.ts";

/**
 * How many of the first proofs of an author may drive others out. One block that uses the author's
 * nonce or money otherwise takes all of them away for the fee of one: so they are few.
 */
export const FRONT = 4;

/** For how many blocks a proof must last to drive another one out: else it may go unpaid. */
export const LASTING = 16;

/**
 * Runnable proofs of a lane. The cheapest gives way first; a proof counts for the least price of
 * those before it, divided by how many it makes with them. So a chain of proofs that may all be for
 * nothing drives out no more than its first pays for, and of an author the last always goes first.
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
 * Proofs that cannot run yet, which nobody pays for waiting. So price says nothing: whoever holds
 * the most of the room gives way first, with the highest nonce; of equals, who waits longest.
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

/** A proof that is to be runnable: where it would stand, and what stands before it. */
export interface Newcomer {
  readonly pending: PendingProof;
  readonly queue: AuthorQueue;
  readonly at: number;
  /** The least price of it and of all before it. */
  readonly floor: Price;
}

/** Whether an end of a lane gives way to a newcomer that pays a tenth more. */
export function givesWay(end: End, { at, floor }: Newcomer): boolean {
  return isTenthAbove(spread(floor, at + 1), spread(end.pending.floor, end.at + 1));
}

/** Whether a newcomer pays a tenth more than several together that give way to it. */
export function paysForAll({ pending }: Newcomer, chosen: readonly End[]): boolean {
  if (chosen.length < 2) return true;
  const lost = chosen.reduce((sum, end) => sum + bidOf(end.pending), 0n);
  return bidOf(pending) * 10n >= lost * 11n;
}

/** All that a proof offers for its whole weight, in millionths. */
function bidOf({ offer: { price, weight } }: PendingProof): bigint {
  return price.over * weight;
}

/**
 * Whether a newcomer may drive others out at all: it and all before it last, and can be paid when
 * the base fee doubles, which takes six full blocks. Else it may be gone before a block charges.
 */
export function mayDriveOut({ pending, queue, at }: Newcomer, view: StateView): boolean {
  if (at >= FRONT) return false;
  return [...queue.proofs.slice(0, at), pending].every(
    (one) =>
      one.proof.body.expiry >= view.next + LASTING &&
      one.offer.baseFeeMax >= 2 * view.baseFees[laneOf(one)],
  );
}
