import { type Amount, type ChainParameters, type Timestamp, toTimestamp } from "@aethel/models";
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

/** Parameters of a chain that say how long stake stays within reach. */
export type UnbondingTimes = Pick<ChainParameters, "unbondingMs" | "maxDriftMs">;

/**
 * Header time from which on unbonding stake is free: `lostPowerAt + unbondingMs + maxDriftMs`.
 *
 * `lostPowerAt` MUST be the timestamp of the border at which the stake's power went out of effect,
 * not that of the request: until that border it can still offend. A border may be dated behind the
 * clocks of its voters by `maxDriftMs`, so that much is added: by their clocks the stake stays
 * locked for `unbondingMs`, less what the block that frees it may be dated ahead.
 */
export function unbondsAt(
  lostPowerAt: Timestamp,
  { unbondingMs, maxDriftMs }: UnbondingTimes,
): Timestamp {
  return toTimestamp(lostPowerAt + unbondingMs + maxDriftMs);
}

/**
 * Whether so much header time in a row without a single vote jails a validator:
 * `absentMs >= absenceMs`. Jail takes power, never stake (P19), and ends when the validator asks
 * back.
 */
export function absenceJails(absentMs: number, parameters: EconomicParameters): boolean {
  return absentMs >= parameters.absenceMs;
}

/**
 * Last timestamp of a block that may carry evidence of an offence:
 * `offence + unbondingMs + maxDriftMs - 1`, where `offence` is the timestamp of the border that ends
 * the epoch of the offence's sequence.
 *
 * An offender has its power until that border at least, so its stake is never free by then.
 */
export function evidenceAcceptedUntil(
  offence: Timestamp,
  { unbondingMs, maxDriftMs }: UnbondingTimes,
): Timestamp {
  return toTimestamp(offence + unbondingMs + maxDriftMs - 1);
}
