import type { AccountId, Amount } from "@aethel/models";
import { allOf, type HeldStake, type SlashedStake } from "@aethel/rewards";
import { credit } from "../state/accounts.ts";
import type { Where } from "../state/block-context.ts";
import { sumUp } from "../state/counters.ts";
import { TREASURY } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { readValidator } from "../validators/stake.ts";
import { setStake } from "../validators/stake-writes.ts";
import { readUnbonding, writeUnbonding } from "../validators/unbonding.ts";

/** All that a validator holds, where it lies. */
export function heldBy(overlay: StateOverlay, id: AccountId): HeldStake {
  const { entries } = readUnbonding(overlay, id);
  const bonded = readValidator(overlay, id).stake;
  return { bonded, unbonding: entries.map(({ amount }) => amount) };
}

/**
 * Takes from a validator what `take` makes of its bonded and unbonding stake, to the treasury.
 * Answers what it held before, and what was taken.
 */
export function takeFrom(
  id: AccountId,
  take: (held: HeldStake) => SlashedStake,
  { overlay, state }: Pick<Where, "overlay" | "state">,
): { readonly stake: Amount; readonly toTreasury: Amount } {
  const record = readValidator(overlay, id);
  const { entries } = readUnbonding(overlay, id);
  const held = heldBy(overlay, id);
  const { bonded, unbonding, toTreasury } = take(held);
  if (toTreasury > 0n) {
    const slashed = sumUp(record.slashed, toTreasury);
    overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, slashed });
    writeUnbonding(overlay, id, {
      entries: entries.map((entry, at) => ({ ...entry, amount: unbonding[at] ?? entry.amount })),
    });
    credit(overlay, TREASURY, toTreasury);
  }
  // Also where nothing is left to take: the power may have to go.
  setStake(overlay, id, bonded, state);
  return { stake: allOf(held), toTreasury };
}
