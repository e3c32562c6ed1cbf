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
 * Milliseconds that the last block of one leader took at this replica; undefined if not measured.
 */
export interface LeaderMeasure {
  /** From knowing the PREPARE certificate to knowing that of COMMIT: about one delay. */
  readonly round?: number;
  /**
   * From a proposal that may be voted for to the COMMIT certificate: validation, and two delays.
   */
  readonly work?: number;
  /** From when the proposal could first come to when it was here with its block: building. */
  readonly late?: number;
}

/**
 * Times that a replica remembers across sequences: of each leader what its last block took, and
 * since when the head counts. All of it is elapsed time, never the time of day.
 */
export interface Measures {
  /** By index in the set that votes now. */
  readonly leaders: Slots<LeaderMeasure>;
  /**
   * Elapsed time at which the head's proposal came: later than its timestamp by the time that it
   * was on its way. Undefined if that was not seen.
   */
  readonly headSince: number | undefined;
  /** Elapsed time from which the minimum interval counts: the head's timestamp, within bounds. */
  readonly pacedFrom: number | undefined;
  /**
   * Whether a block became final that this replica found untimely. Its own clock counts as wrong
   * then, until a proposal is timely again.
   */
  readonly clockDoubted: boolean;
}

/** Start points from which times of the current round are measured. */
export interface RoundPace {
  /** Elapsed time at which a proposal of view 0 could first come. */
  readonly firstFrom: number | undefined;
  /** The same for the last view whose timer was started. */
  readonly from: { readonly view: View; readonly at: number } | undefined;
  /** Elapsed time at which the proposal of the current view came. */
  readonly proposalAt: number | undefined;
  /** Block that voters of more than a third of the power prepared, and since when that is known. */
  readonly told: { readonly digest: Digest; readonly at: number } | undefined;
  /**
   * Elapsed time at which the proposal became votable: its block was here, its timestamp in bounds.
   */
  readonly votableAt: number | undefined;
  /** Whether more time has passed since then than a block usually takes. */
  readonly overdue: boolean;
  readonly deadlineRuns: boolean;
  /** The last proposal of this sequence that was not voted for because of its timestamp. */
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

/** Returns the start points of a new sequence: none is known yet. */
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

/** Replaces what is known of one leader by what its newest block took. */
export function withMeasure(
  leaders: Slots<LeaderMeasure>,
  leader: ValidatorIndex,
  measure: LeaderMeasure,
): Slots<LeaderMeasure> {
  return withSlot(leaders, leader, { ...slotAt(leaders, leader), ...measure });
}

/** Returns the measures of the validators that are in the next set, at their indices there. */
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

/** A median over leaders by power. */
export interface Estimate {
  readonly ms: number;
  /** Whether leaders of more than half of the power are in it: most of them are honest. */
  readonly isBroad: boolean;
}

/**
 * Returns the median over leaders, by power, of what the last block of each took; of two middle
 * ones the higher. Once it is broad, less than a third of the power moves it neither above nor
 * below what others' blocks took, since each leader's own delay counts once. 0 if nothing was
 * measured.
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
