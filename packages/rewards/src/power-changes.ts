import { type AccountId, assert } from "@aethel/models";
import { RewardsError } from "./errors.ts";
import { least } from "./ratio.ts";

/** A validator's power in effect, and the power that it should have. */
export interface PowerChange {
  readonly validator: AccountId;
  readonly from: bigint;
  readonly to: bigint;
}

/** Changes that wait for a border. */
export interface WaitingChanges {
  /** All power in effect before the border. */
  readonly totalPower: bigint;
  /** First asked, first served; at most one for each validator. */
  readonly changes: readonly PowerChange[];
  /** Power that this border changes in another way (keys); counts against the limit. Default 0. */
  readonly spent?: bigint;
}

/** What a border does with the changes that waited. */
export interface AdmittedChanges {
  /** In effect from this border on. A change may be admitted in part. */
  readonly admitted: readonly PowerChange[];
  /** What is left of them, in the same order, for the next border. */
  readonly queued: readonly PowerChange[];
}

/** How much of how much changes. */
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
 * Admits changes in order as long as less than a third of the power changes: increases and
 * decreases together stay within `floor((totalPower - 1) / 3) - spent`.
 *
 * The one that meets the limit is admitted in part, so a newcomer with more stake than everybody
 * comes in by steps and nothing waits for ever. The set can never become empty: decreases are
 * under a third.
 *
 * @throws RewardsError `RANGE` if `totalPower` is not positive or a power is negative.
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
  assert(budget >= 0n, "a border never changes a third of the power");
  return { admitted, queued };
}

function outOfRange(what: string, value: bigint): RewardsError {
  return new RewardsError({ code: "RANGE", what, reason: `${value} is too small` });
}
