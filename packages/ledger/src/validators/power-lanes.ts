import type { AccountId } from "@aethel/models";
import type { StateBounds } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Lane } from "../state/queue-records.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { enqueue, isWaiting, lengthOf } from "./queue.ts";
import { powerIn, wantedPower } from "./stake.ts";

/** Lane in which an account waits for a change of power. */
export function laneOf(from: bigint, to: bigint): Lane | undefined {
  if (from === to) return undefined;
  if (to < from) return "falling";
  return from === 0n ? "seats" : "rising";
}

/**
 * Puts an account into the lane for its change of power, if there is any. It is never refused,
 * since a slash and a jail must take effect; only members of the set wait for those.
 */
export function enqueuePower(overlay: StateOverlay, id: AccountId, state: LedgerState): void {
  const lane = laneOf(powerIn(state.votingSet, id), wantedPower(overlay, id, state));
  if (lane !== undefined) enqueue(overlay, lane, id);
}

/** Whether a lane has room for one more account, beside `asking` others of the same proof. */
export function hasRoom(
  overlay: StateOverlay,
  wish: { readonly lane: Lane; readonly id: AccountId; readonly asking?: number },
  { waitingMax }: StateBounds,
): boolean {
  const { lane, id, asking = 0 } = wish;
  return isWaiting(overlay, lane, id) || lengthOf(overlay, lane) + asking < waitingMax;
}
