import { assert, type Sequence, type Timestamp, toAmount, type ValidatorSet } from "@aethel/models";
import { evidenceAcceptedUntil, type UnbondingTimes } from "@aethel/rewards";
import { type Clock, DatedBoundary } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** Context of a block with the timestamp `now`, for reading dates of epoch boundaries. */
interface Where {
  readonly overlay: StateOverlay;
  readonly now: Timestamp;
  /** State before the block. */
  readonly state: { readonly clock: Clock; readonly parameters: UnbondingTimes };
}

/**
 * Records the sequence, timestamp and power of an epoch boundary, and removes old boundaries that
 * evidence no longer needs. Returns the clock with the number of the oldest boundary that is kept.
 */
export function dateBoundary(
  overlay: StateOverlay,
  clock: Clock,
  at: {
    readonly sequence: Sequence;
    /** Power of the set that votes on the block of the epoch boundary. */
    readonly power: bigint;
    readonly parameters: UnbondingTimes;
  },
): Clock {
  const { sequence, parameters } = at;
  const { boundaries, now } = clock;
  const power = toAmount(at.power);
  overlay.write(stateKey.datedBoundary(boundaries), DatedBoundary, {
    sequence,
    timestamp: now,
    power,
  });
  let oldest = clock.oldestDated;
  // Two at a time, so that none stay behind; the newest of those whose time is over must stay: all
  // before it is too old by it.
  for (let turn = 0; turn < 2 && oldest < boundaries; turn += 1) {
    const { timestamp } = boundaryAt(overlay, oldest + 1);
    if (evidenceAcceptedUntil(timestamp, parameters) >= now) break;
    overlay.write(stateKey.datedBoundary(oldest), DatedBoundary, undefined);
    oldest += 1;
  }
  return { ...clock, oldestDated: oldest };
}

/**
 * Whether evidence of an offence at this sequence is no longer accepted. The age of the offence
 * counts from the epoch boundary that ended its epoch, since no stake that is liable for it could
 * be released earlier. In an unfinished epoch evidence is always accepted.
 */
export function isTooOld(offence: Sequence, { overlay, now, state }: Where): boolean {
  const ended = boundaryAfter(offence, overlay, state.clock);
  return ended !== undefined && now > evidenceAcceptedUntil(ended.timestamp, state.parameters);
}

/** Returns the total power of the set that votes, or voted, at a sequence. */
export function powerAt(
  sequence: Sequence,
  where: {
    readonly overlay: StateOverlay;
    /** State before the block. */
    readonly state: { readonly clock: Clock; readonly votingSet: Pick<ValidatorSet, "totalPower"> };
  },
): bigint {
  const { overlay, state } = where;
  return boundaryAfter(sequence, overlay, state.clock)?.power ?? state.votingSet.totalPower;
}

/**
 * Returns the first recorded epoch boundary at or after a sequence. Boundaries that were removed
 * are not found: for an older sequence, the result is the oldest recorded one. Undefined if the
 * epoch of the sequence has not ended.
 */
function boundaryAfter(
  sequence: Sequence,
  overlay: StateOverlay,
  { boundaries, oldestDated }: Clock,
): DatedBoundary | undefined {
  let [low, high] = [oldestDated, boundaries + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (boundaryAt(overlay, middle).sequence >= sequence) high = middle;
    else low = middle + 1;
  }
  return low > boundaries ? undefined : boundaryAt(overlay, low);
}

function boundaryAt(overlay: StateOverlay, number: number): DatedBoundary {
  const dated = overlay.read(stateKey.datedBoundary(number), DatedBoundary);
  assert(dated !== undefined, "each epoch boundary from the oldest kept one on has a date");
  return dated;
}
