import {
  type Digest,
  equalBytes,
  toHex,
  type ValidatorIndex,
  type ValidatorSet,
  type View,
} from "@aethel/models";
import { emptySlots, type Slots, slotAt, withSlot } from "./slots.ts";

/**
 * Times in milliseconds that this replica measured for the last block of one leader. Undefined if
 * not measured.
 */
export interface LeaderMeasure {
  /**
   * Milliseconds from knowing the PREPARE certificate to knowing the COMMIT certificate: about one
   * network delay. Undefined if not measured.
   */
  readonly round?: number;
  /**
   * Milliseconds from a proposal that may be voted for to the COMMIT certificate: validation and
   * two network delays. Undefined if not measured.
   */
  readonly work?: number;
  /**
   * Milliseconds from the earliest possible arrival of the proposal until this replica had it with
   * its block. They show how long building took. Undefined if not measured.
   */
  readonly late?: number;
}

/**
 * Times that a replica keeps across sequences: how long the last block of each leader took, and
 * when the wait after the head (the last applied block) began. All of them are elapsed time, never
 * the time of day.
 */
export interface Measures {
  /** Measures by the leader's index in the set that votes now. */
  readonly leaders: Slots<LeaderMeasure>;
  /**
   * Elapsed time at which the head's proposal arrived. If this replica did not see it arrive, the
   * head's timestamp as elapsed time, but no later than now. Undefined before the first call of
   * `takeHead`.
   */
  readonly headSince: number | undefined;
  /**
   * Elapsed time from which the minimum interval to the next block counts. It is the head's
   * timestamp, which `takeHead` converts to elapsed time and keeps within bounds around the arrival
   * of the head's proposal. Undefined before the first call of `takeHead`.
   */
  readonly pacedFrom: number | undefined;
  /**
   * Whether this replica doubts its clock. It begins to when a block becomes final whose timestamp
   * it had found wrong. It ends when it finds the timestamp of a proposal right again.
   */
  readonly clockDoubted: boolean;
}

/** Start points of the times that are measured in the current sequence. */
export interface RoundPace {
  /**
   * Earliest elapsed time at which a proposal of view 0 could arrive. Undefined while it is not
   * known.
   */
  readonly firstFrom: number | undefined;
  /**
   * Earliest elapsed time at which a proposal of `view` could arrive. `view` is the last one whose
   * timer was started. Undefined if no timer was started in this sequence.
   */
  readonly from: { readonly view: View; readonly at: number } | undefined;
  /**
   * Elapsed time at which the proposal of the current view arrived. Undefined if none has arrived.
   */
  readonly proposalAt: number | undefined;
  /**
   * Block for which voters with more than a third of the power have sent PREPARE, and the elapsed
   * time at which this replica learned that. Undefined if it has not.
   */
  readonly told: { readonly digest: Digest; readonly at: number } | undefined;
  /**
   * Elapsed time at which the proposal became votable: its block had arrived, and its timestamp was
   * within bounds. Undefined if it has not.
   */
  readonly votableAt: number | undefined;
  /** Whether more time has passed since `votableAt` than a block usually takes. */
  readonly overdue: boolean;
  readonly deadlineRuns: boolean;
  /**
   * Digest of the last proposal of this sequence for which this replica did not vote because of its
   * timestamp. Undefined if there is none.
   */
  readonly untimely: Digest | undefined;
}

/** Returns the measures of a replica that has measured nothing. */
export function noMeasures(): Measures {
  return {
    leaders: emptySlots(),
    headSince: undefined,
    pacedFrom: undefined,
    clockDoubted: false,
  };
}

/** Returns the start points of times at the beginning of a sequence, when none is known yet. */
export function emptyPace(): RoundPace {
  return {
    firstFrom: undefined,
    from: undefined,
    proposalAt: undefined,
    told: undefined,
    votableAt: undefined,
    overdue: false,
    deadlineRuns: false,
    untimely: undefined,
  };
}

/** Returns the measures with those of one leader replaced by what its newest block took. */
export function withMeasure(
  leaders: Slots<LeaderMeasure>,
  leader: ValidatorIndex,
  measure: LeaderMeasure,
): Slots<LeaderMeasure> {
  return withSlot(leaders, leader, { ...slotAt(leaders, leader), ...measure });
}

/**
 * Returns the measures for the next set. Each validator's measure moves to its index there;
 * validators that are not in the set are dropped.
 */
export function moveMeasures(
  leaders: Slots<LeaderMeasure>,
  from: ValidatorSet,
  to: ValidatorSet,
): Slots<LeaderMeasure> {
  if (from === to || equalBytes(from.hash, to.hash)) return leaders;
  const places = new Map(to.validators.map(({ id }, at) => [toHex(id), at]));
  let moved: Slots<LeaderMeasure> = emptySlots();
  for (const [index, { id }] of from.validators.entries()) {
    const measure = slotAt(leaders, index);
    const at = places.get(toHex(id));
    if (measure !== undefined && at !== undefined) moved = withSlot(moved, at, measure);
  }
  return moved;
}

/** Median of a time over the leaders, weighted by power. */
export interface Estimate {
  readonly ms: number;
  /** Whether leaders with more than half of the power were measured. Most of these are honest. */
  readonly isBroad: boolean;
}

/**
 * Returns the median, weighted by power, of a time that each leader's last block took. Of two
 * middle values it takes the higher. If `isBroad`, leaders with less than a third of the power can
 * move it neither above nor below the times of the others' blocks, since each leader counts once. 0
 * if nothing was measured.
 */
export function estimate(
  leaders: Slots<LeaderMeasure>,
  set: ValidatorSet,
  of: keyof LeaderMeasure,
): Estimate {
  const measured: { readonly ms: number; readonly power: bigint }[] = [];
  let total = 0n;
  for (const [index, { power }] of set.validators.entries()) {
    const ms = slotAt(leaders, index)?.[of];
    if (ms === undefined) continue;
    measured.push({ ms, power });
    total += power;
  }
  measured.sort((left, right) => left.ms - right.ms);
  let below = 0n;
  const middle = measured.find(({ power }) => {
    below += power;
    return 2n * below > total;
  });
  return { ms: middle?.ms ?? 0, isBroad: 2n * total > set.totalPower };
}
