import type { AccountId, Amount } from "@aethel/models";
import { allOf, type HeldStake, type SlashedStake } from "@aethel/rewards";
import { credit } from "../state/accounts.ts";
import type { BlockContext } from "../state/block-context.ts";
import { sumUp } from "../state/counters.ts";
import { TREASURY } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { readValidator } from "../validators/stake.ts";
import { setStake } from "../validators/stake-writes.ts";
import { readUnbonding, writeUnbonding } from "../validators/unbonding.ts";

/** Returns the bonded and unbonding stake of a validator. */
export function heldBy(overlay: StateOverlay, id: AccountId): HeldStake {
  const { entries } = readUnbonding(overlay, id);
  const bonded = readValidator(overlay, id).stake;
  return { bonded, unbonding: entries.map(({ amount }) => amount) };
}

/**
 * Moves stake of a validator to the treasury. `take` computes the slash from the bonded and
 * unbonding stake. Returns the stake before the slash and the amount taken, in micro-tokens.
 */
export function takeFrom(
  id: AccountId,
  take: (held: HeldStake) => SlashedStake,
  { overlay, state }: Pick<BlockContext, "overlay" | "state">,
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
