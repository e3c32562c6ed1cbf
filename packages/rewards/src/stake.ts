import { type Amount, type Sequence, toSequence } from "@aethel/models";
import type { EconomicParameters } from "./parameters.ts";

/** Whether a stake is enough to be a validator (P17). */
export function meetsMinimumStake(stake: Amount, parameters: EconomicParameters): boolean {
  return stake >= parameters.minimumStake;
}

/**
 * Power that a stake asks for: the stake itself in micro-tokens, or 0 under the minimum.
 *
 * Linear, so a stake split over many identities has the same power (P27), or less where a part
 * is under the minimum. When it takes effect is for `admitPowerChanges` to say.
 */
export function votingPower(stake: Amount, parameters: EconomicParameters): bigint {
  return meetsMinimumStake(stake, parameters) ? stake : 0n;
}

/**
 * Sequence at which unbonding stake is free: `lostPowerAt + unbondingPeriod`.
 *
 * `lostPowerAt` MUST be the border at which the stake's power went out of effect, not the
 * sequence of the request: until that border it can still offend.
 */
export function unbondsAt(lostPowerAt: Sequence, parameters: EconomicParameters): Sequence {
  return toSequence(lostPowerAt + parameters.unbondingPeriod);
}

/**
 * Whether so many blocks in a row without a single vote jail a validator: `absent >= absenceMax`.
 * Jail takes power, never stake (P19), and ends when the validator asks back.
 */
export function absenceJails(absent: number, parameters: EconomicParameters): boolean {
  return absent >= parameters.absenceMax;
}

/**
 * Last sequence whose block may carry evidence of an offence: `offence + unbondingPeriod - 1`.
 *
 * An offender has its power at the sequence of its offence, so its stake is never free by then.
 */
export function evidenceAcceptedUntil(offence: Sequence, parameters: EconomicParameters): Sequence {
  return toSequence(offence + parameters.unbondingPeriod - 1);
}
