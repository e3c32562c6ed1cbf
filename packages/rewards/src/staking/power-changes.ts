import { type AccountId, assert } from "@aethel/models";
import { RewardsError } from "../errors.ts";
import { least } from "../ratio.ts";

/**
 * Change of a validator's power: the power in effect (`from`) and the power that it should have
 * (`to`).
 */
export interface PowerChange {
  readonly validator: AccountId;
  readonly from: bigint;
  readonly to: bigint;
}

/** Changes of power that wait for an epoch boundary. */
export interface WaitingChanges {
  /** Total voting power in effect before the epoch boundary. */
  readonly totalPower: bigint;
  /** Changes in the order in which they were requested, at most one for each validator. */
  readonly changes: readonly PowerChange[];
  /**
   * Power that the epoch boundary changes in other ways, by new keys. It counts against the limit.
   * Default 0.
   */
  readonly spent?: bigint;
}

/** Effect of an epoch boundary on the changes of power that were waiting. */
export interface AdmittedChanges {
  /**
   * Changes that take effect at this epoch boundary. Some may be only a part of what was requested.
   */
  readonly admitted: readonly PowerChange[];
  /** Remaining parts of the changes, in the order of the requests, for the next epoch boundary. */
  readonly queued: readonly PowerChange[];
}

/** Amount of voting power that changes, and the total power. */
export interface ChangedPower {
  /** Sum of all increases and decreases. */
  readonly changed: bigint;
  readonly totalPower: bigint;
}

/** Whether less than a third of the power changes: `3 x changed < totalPower`. */
export function powerChangeAllowed({ changed, totalPower }: ChangedPower): boolean {
  return 3n * changed < totalPower;
}

/**
 * Admits changes in order as long as less than a third of the power changes: the sum of all
 * increases and decreases is at most `floor((totalPower - 1) / 3) - spent`.
 *
 * The change that reaches the limit is admitted in part. So a newcomer with more stake than all
 * others enters in steps, and every change is admitted in the end. All decreases together are less
 * than a third of the power, so the set never becomes empty.
 *
 * @throws RewardsError `RANGE` if `totalPower` is not positive, or if a power or `spent` is
 * negative.
 */
export function admitPowerChanges(waiting: WaitingChanges): AdmittedChanges {
  const { totalPower, changes, spent = 0n } = waiting;
  if (totalPower <= 0n) throw outOfRange("total power", totalPower);
  if (spent < 0n) throw outOfRange("spent power", spent);
  const most = (totalPower - 1n) / 3n;
  let budget = spent < most ? most - spent : 0n;
  const admitted: PowerChange[] = [];
  const queued: PowerChange[] = [];
  for (const { validator, from, to } of changes) {
    if (from < 0n || to < 0n) throw outOfRange("power", from < 0n ? from : to);
    const wanted = to > from ? to - from : from - to;
    const step = least(wanted, budget);
    budget -= step;
    const reached = to > from ? from + step : from - step;
    if (reached !== from) admitted.push({ validator, from, to: reached });
    if (reached !== to) queued.push({ validator, from: reached, to });
  }
  assert(budget >= 0n, "an epoch boundary never changes a third of the power");
  return { admitted, queued };
}

function outOfRange(what: string, value: bigint): RewardsError {
  return new RewardsError({ code: "RANGE", what, reason: `${value} is too small` });
}
