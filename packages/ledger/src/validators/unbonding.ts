import { type AccountId, type Amount, type Timestamp, toAmount } from "@aethel/models";
import { unbondsAt } from "@aethel/rewards";
import { credit } from "../state/accounts.ts";
import type { StateBounds } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { NO_DATE, Unbonding } from "../state/validator-records.ts";
import { append, dropFirst, firstOf } from "./queue.ts";
import { powerIn, wantedPower } from "./stake.ts";

/** Timestamp of a block, and the state before it. */
interface Moment {
  readonly now: Timestamp;
  readonly state: LedgerState;
}

/**
 * Sets the release date of an account's unbonding stake that has none yet. The unbonding period
 * starts now, because this stake no longer gives voting power. Entries with the same date are
 * merged.
 */
export function dateUnbonding(overlay: StateOverlay, id: AccountId, { now, state }: Moment): void {
  const { entries } = readUnbonding(overlay, id);
  const undated = entries.filter(({ freeAt }) => freeAt === NO_DATE);
  if (undated.length === 0) return;
  const due = unbondsAt(now, state.parameters);
  const others = entries.filter(({ freeAt }) => freeAt !== NO_DATE);
  const same = others.findIndex(({ freeAt }) => freeAt === due);
  const amount = sumOf([...undated, ...(same < 0 ? [] : others.slice(same, same + 1))]);
  const entry = { amount, freeAt: due };
  const dated = same < 0 ? [...others, entry] : others.with(same, entry);
  writeUnbonding(overlay, id, { entries: dated });
  // Dates only grow, so the queue is in their order without being sorted.
  if (same < 0) append(overlay, "releases", { account: id, due });
}

function sumOf(entries: Unbonding["entries"]): Amount {
  return toAmount(entries.reduce((sum, { amount }) => sum + amount, 0n));
}

/**
 * Whether an account may withdraw stake: it has fewer unbonding entries than allowed, or it has an
 * entry without a release date, to which the stake can be added.
 */
export function hasUnbondingRoom(
  overlay: StateOverlay,
  id: AccountId,
  bounds: StateBounds,
): boolean {
  const { entries } = readUnbonding(overlay, id);
  const { unbondingEntriesMax } = bounds;
  return entries.length < unbondingEntriesMax || entries.some(({ freeAt }) => freeAt === NO_DATE);
}

/**
 * Locks withdrawn stake. If the set gives the account no more power than its remaining stake
 * allows, the release date is set now. Otherwise it is set at the epoch boundary that removes the
 * power.
 */
export function lockWithdrawn(
  overlay: StateOverlay,
  { id, amount }: { readonly id: AccountId; readonly amount: Amount },
  moment: Moment,
): void {
  const { entries } = readUnbonding(overlay, id);
  const dated = entries.filter(({ freeAt }) => freeAt !== NO_DATE);
  const undated = entries.filter(({ freeAt }) => freeAt === NO_DATE);
  const all = toAmount(sumOf(undated) + amount);
  writeUnbonding(overlay, id, { entries: [...dated, { amount: all, freeAt: NO_DATE }] });
  const { state } = moment;
  const isInEffect = powerIn(state.votingSet, id) > wantedPower(overlay, id, state);
  if (!isInEffect) dateUnbonding(overlay, id, moment);
}

/**
 * Releases unbonding stake whose release date is not after `boundary`, the time of the last epoch
 * boundary. Serves the earliest date first. At most `releasesMax` entries are released in one
 * block; the others wait for the next block.
 */
export function releaseDue(
  overlay: StateOverlay,
  boundary: Timestamp,
  { releasesMax }: StateBounds,
): void {
  for (let released = 0; released < releasesMax; released += 1) {
    const next = firstOf(overlay, "releases");
    if (next === undefined || next.due > boundary) return;
    dropFirst(overlay, "releases");
    const { entries } = readUnbonding(overlay, next.account);
    const isFree = ({ freeAt }: Unbonding["entries"][number]): boolean =>
      freeAt !== NO_DATE && freeAt <= next.due;
    credit(overlay, next.account, sumOf(entries.filter(isFree)));
    writeUnbonding(overlay, next.account, { entries: entries.filter((one) => !isFree(one)) });
  }
}

/** Whether the queue has stake whose release date is not after `boundary`. */
export function hasDueRelease(overlay: StateOverlay, boundary: Timestamp): boolean {
  const next = firstOf(overlay, "releases");
  return next !== undefined && next.due <= boundary;
}

/** Reads the withdrawn stake of an account that is still locked (its unbonding entries). */
export function readUnbonding(overlay: StateOverlay, id: AccountId): Unbonding {
  return overlay.read(stateKey.unbonding(id), Unbonding) ?? { entries: [] };
}

/** Writes the unbonding entries of an account. An empty list is removed from the tree. */
export function writeUnbonding(overlay: StateOverlay, id: AccountId, unbonding: Unbonding): void {
  const value = unbonding.entries.length === 0 ? undefined : unbonding;
  overlay.write(stateKey.unbonding(id), Unbonding, value);
}
