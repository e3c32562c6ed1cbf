import type { AccountId } from "@aethel/models";
import type { StateBounds } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Lane } from "../state/queue-records.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { enqueue, isWaiting, lengthOf } from "./queue.ts";
import { powerIn, wantedPower } from "./stake.ts";

/** The lane in which an account waits that has one power and should have another. */
export function laneOf(from: bigint, to: bigint): Lane | undefined {
  if (from === to) return undefined;
  if (to < from) return "falling";
  return from === 0n ? "seats" : "rising";
}

/**
 * Lets an account wait for an epoch boundary if its power is not what it should be. Never refused:
 * a slash and a jail must take effect. Only members of the set wait for that.
 */
export function enqueuePower(overlay: StateOverlay, id: AccountId, state: LedgerState): void {
  const lane = laneOf(powerIn(state.votingSet, id), wantedPower(overlay, id, state));
  if (lane !== undefined) enqueue(overlay, lane, id);
}

/**
 * Whether a lane takes one more account that asks for it, beside `asking` of the same transaction.
 */
export function hasRoom(
  overlay: StateOverlay,
  wish: { readonly lane: Lane; readonly id: AccountId; readonly asking?: number },
  { waitingMax }: StateBounds,
): boolean {
  const { lane, id, asking = 0 } = wish;
  return isWaiting(overlay, lane, id) || lengthOf(overlay, lane) + asking < waitingMax;
}
