import { type Amount, type ChainParameters, type Timestamp, toTimestamp } from "@aethel/models";
import type { EconomicParameters } from "../parameters.ts";

/** Whether a stake is large enough for a validator (P17). */
export function meetsMinimumStake(stake: Amount, parameters: EconomicParameters): boolean {
  return stake >= parameters.minimumStake;
}

/**
 * Power that a stake gives: the stake itself in micro-tokens, or 0 under the minimum.
 *
 * Linear, so a stake split over many identities has the same power (P27), or less if a part is
 * under the minimum. `admitPowerChanges` decides when it takes effect.
 */
export function votingPower(stake: Amount, parameters: EconomicParameters): bigint {
  return meetsMinimumStake(stake, parameters) ? stake : 0n;
}

/** Parameters of a chain that determine how long unbonding stake can be slashed. */
export type UnbondingTimes = Pick<ChainParameters, "unbondingMs" | "maxDriftMs">;

/**
 * Header time at which unbonding stake becomes free: `lostPowerAt + unbondingMs + maxDriftMs`.
 *
 * `lostPowerAt` MUST be the timestamp of the epoch boundary at which the stake lost its power, not
 * that of the request: the validator can offend until that boundary. A boundary may be dated up to
 * `maxDriftMs` behind the clocks of its voters, so `maxDriftMs` is added. By their clocks the stake
 * is then locked for `unbondingMs`, less the time by which the block that frees it may be dated
 * ahead.
 */
export function unbondsAt(
  lostPowerAt: Timestamp,
  { unbondingMs, maxDriftMs }: UnbondingTimes,
): Timestamp {
  return toTimestamp(lostPowerAt + unbondingMs + maxDriftMs);
}

/**
 * Whether an absence jails a validator: `absentMs >= absenceMs`, with `absentMs` as `absenceAfter`
 * counts it. A jailed validator loses its power but no stake (P19), until it asks to be unjailed.
 */
export function absenceJails(absentMs: number, parameters: EconomicParameters): boolean {
  return absentMs >= parameters.absenceMs;
}

/**
 * Last timestamp of a block that may carry evidence of an offence:
 * `offence + unbondingMs + maxDriftMs - 1`, where `offence` is the timestamp of the boundary that
 * ends the epoch of the offence's sequence.
 *
 * An offender has its power at least until that boundary, so its stake is still locked then.
 */
export function evidenceAcceptedUntil(
  offence: Timestamp,
  { unbondingMs, maxDriftMs }: UnbondingTimes,
): Timestamp {
  return toTimestamp(offence + unbondingMs + maxDriftMs - 1);
}
