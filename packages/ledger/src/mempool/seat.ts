import type { End } from "../pending/author-queue.ts";
import type { Contents } from "../pending/contents.ts";
import type { PendingProof } from "../pending/pending.ts";
import { type AtDoor, refuseToWait, replaces } from "./door.ts";
import type { MempoolLimits } from "./limits.ts";
import type { Placement } from "./placement.ts";
import { refused } from "./refusals.ts";
import type { SubmitRefusal } from "./submit-refusal.ts";

/**
 * Place of a new proof: runnable or waiting. `rivals`: proofs of other authors that it displaces.
 * `room`: proofs that the mempool evicts to free space for it.
 */
export type Seat =
  | { readonly type: "runnable"; readonly rivals: readonly PendingProof[]; readonly room: Ends }
  | { readonly type: "waiting"; readonly room: Ends }
  | ({ readonly type: "refused" } & SubmitRefusal);

type Ends = readonly End[];

/**
 * Finds the place of a submitted proof: runnable if possible, else waiting if the bounds for
 * waiting proofs allow it.
 */
export function findSeat(
  { pending, queue, replaced }: AtDoor,
  pool: {
    readonly contents: Contents;
    readonly placement: Placement;
    readonly limits: MempoolLimits;
  },
): Seat {
  const { contents, placement, limits } = pool;
  const at = replaced === undefined ? queue.runnable : queue.proofs.indexOf(replaced);
  const isNext = pending.nonce === queue.nonce + at && at <= queue.runnable;
  const rivals =
    isNext && placement.isReady(pending) ? placement.rivals(pending, queue, at) : undefined;
  if (rivals?.every((rival) => replaces(pending, rival)) === true) {
    const newcomer = { pending, queue, at, floor: contents.floorAt(pending, queue, at) };
    const leaving = replaced === undefined ? rivals : [...rivals, replaced];
    const room = placement.roomInLane(newcomer, leaving);
    return room === undefined ? full(contents) : { type: "runnable", rivals, room };
  }
  if (replaced?.place === "runnable") {
    const message = "a proof that could be in the next block gives way only to another such proof";
    return refused("replacement-waits", message);
  }
  const crowded = replaced === undefined ? refuseToWait(queue, limits) : undefined;
  if (crowded !== undefined) return { type: "refused", ...crowded };
  const room = placement.roomToWait(pending, queue, replaced);
  if (room !== undefined) return { type: "waiting", room };
  return refused("pool-full", `${limits.waitingMax} KiB of proofs that cannot run yet are held`);
}

function full({ byHash, bytes }: Contents): Seat {
  return refused("pool-full", `${byHash.size} proofs, ${bytes} bytes, and all pay more`);
}
