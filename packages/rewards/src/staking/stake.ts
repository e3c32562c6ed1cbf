import { type Amount, type ChainParameters, type Timestamp, toTimestamp } from "@aethel/models";
import type { EconomicParameters } from "../parameters.ts";

/** Whether a stake is large enough for a validator (property P17). */
export function meetsMinimumStake(stake: Amount, parameters: EconomicParameters): boolean {
  return stake >= parameters.minimumStake;
}

/**
 * Computes the voting power of a stake: the stake in micro-tokens, or 0 if it is below the minimum.
 *
 * It is linear. So a stake that is split over many identities has the same power (property P27), or
 * less if a part is below the minimum. `admitPowerChanges` decides when a change of power takes
 * effect.
 */
export function votingPower(stake: Amount, parameters: EconomicParameters): bigint {
  return meetsMinimumStake(stake, parameters) ? stake : 0n;
}

/** Parameters of a chain that determine how long unbonding stake can be slashed. */
export type UnbondingTimes = Pick<ChainParameters, "unbondingMs" | "maxDriftMs">;

/**
 * Computes the header time at which unbonding stake becomes free: `lostPowerAt + unbondingMs +
 * maxDriftMs`.
 *
 * `lostPowerAt` MUST be the timestamp of the epoch boundary at which the stake lost its power, not
 * that of the request, because the validator can offend until that boundary. The boundary's
 * timestamp may be up to `maxDriftMs` behind the clocks of its voters; therefore `maxDriftMs` is
 * added. By these clocks the stake is then locked for `unbondingMs`, less the time by which the
 * block that frees it may be dated ahead.
 */
export function unbondsAt(
  lostPowerAt: Timestamp,
  { unbondingMs, maxDriftMs }: UnbondingTimes,
): Timestamp {
  return toTimestamp(lostPowerAt + unbondingMs + maxDriftMs);
}

/**
 * Whether an absence jails a validator: `absentMs >= absenceMs`, with `absentMs` from
 * `absenceAfter`. A jailed validator has no power until it asks to be unjailed, but it keeps its
 * stake (property P19).
 */
export function absenceJails(absentMs: number, parameters: EconomicParameters): boolean {
  return absentMs >= parameters.absenceMs;
}

/**
 * Computes the last timestamp of a block that may contain evidence of an offence: `offence +
 * unbondingMs + maxDriftMs - 1`. `offence` is the timestamp of the epoch boundary at the end of the
 * epoch in which the offence happened.
 *
 * An offender has its power at least until that boundary, so its stake is still locked at the
 * computed time.
 */
export function evidenceAcceptedUntil(
  offence: Timestamp,
  { unbondingMs, maxDriftMs }: UnbondingTimes,
): Timestamp {
  return toTimestamp(offence + unbondingMs + maxDriftMs - 1);
}
