import type { AccountId } from "@aethel/models";
import type { StateBounds } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Lane } from "../state/queue-records.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { enqueue, isWaiting, lengthOf } from "./queue.ts";
import { powerIn, wantedPower } from "./stake.ts";

/** Returns the queue for a change of power from `from` to `to`; undefined if they are equal. */
export function laneOf(from: bigint, to: bigint): Lane | undefined {
  if (from === to) return undefined;
  if (to < from) return "falling";
  return from === 0n ? "seats" : "rising";
}

/**
 * Puts an account into the queue for the change from its current power to the power that it should
 * have, if they differ. Ignores the bound of the queue, since a slash or a jail must take effect.
 * Slashes and jails enqueue only members of the set, so their number is bounded.
 */
export function enqueuePower(overlay: StateOverlay, id: AccountId, state: LedgerState): void {
  const lane = laneOf(powerIn(state.votingSet, id), wantedPower(overlay, id, state));
  if (lane !== undefined) enqueue(overlay, lane, id);
}

/**
 * Whether an account may enter a queue: it is in the queue already, or the queue is not full.
 * `asking` is the number of other accounts that the same proof adds to the queue. Default: 0.
 */
export function hasRoom(
  overlay: StateOverlay,
  wish: { readonly lane: Lane; readonly id: AccountId; readonly asking?: number },
  { waitingMax }: StateBounds,
): boolean {
  const { lane, id, asking = 0 } = wish;
  return isWaiting(overlay, lane, id) || lengthOf(overlay, lane) + asking < waitingMax;
}
