import type { AccountId } from "@aethel/models";
import type { StateBounds } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Lane } from "../state/queue-records.ts";
import type { Draft } from "../state/state-overlay.ts";
import { enqueue, isWaiting, lengthOf } from "./queue.ts";
import { powerIn, wantedPower } from "./stake.ts";

/** The lane in which an account waits that has one power and should have another. */
export function laneOf(from: bigint, to: bigint): Lane | undefined {
  if (from === to) return undefined;
  if (to < from) return "falling";
  return from === 0n ? "seats" : "rising";
}

/**
 * Lets an account wait for a border if its power is not what it should be. Never refused: a slash
 * and a jail must take effect. Only members of the set wait for that.
 */
export function enqueuePower(draft: Draft, id: AccountId, state: LedgerState): void {
  const lane = laneOf(powerIn(state.votingSet, id), wantedPower(draft, id, state));
  if (lane !== undefined) enqueue(draft, lane, id);
}

/** Whether a lane takes one more account that asks for it, beside `asking` of the same transaction. */
export function hasRoom(
  draft: Draft,
  wish: { readonly lane: Lane; readonly id: AccountId; readonly asking?: number },
  { waitingMax }: StateBounds,
): boolean {
  const { lane, id, asking = 0 } = wish;
  return isWaiting(draft, lane, id) || lengthOf(draft, lane) + asking < waitingMax;
}
