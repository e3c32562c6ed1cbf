import { type ChainParameters, type Timestamp, toTimestamp } from "@aethel/models";
import type { BlockSpan } from "@aethel/rewards";
import type { Clock } from "./records.ts";

/** Creates the clock of a genesis state. */
export function clockAtGenesis(timestamp: Timestamp): Clock {
  return {
    genesis: timestamp,
    parent: timestamp,
    now: timestamp,
    previousBoundary: timestamp,
    boundary: timestamp,
    boundaries: 0,
    oldestDated: 1,
  };
}

/** Chain parameter that divides header time into epochs. */
type Epochs = Pick<ChainParameters, "epochMs">;

/**
 * Whether a block is an epoch boundary: the first block whose timestamp reaches the next multiple
 * of `epochMs` after genesis. If no block falls between several multiples, they share one epoch
 * boundary.
 */
export function isBoundary(
  times: { readonly genesis: Timestamp; readonly parent: Timestamp; readonly now: Timestamp },
  parameters: Epochs,
): boolean {
  const { genesis, parent, now } = times;
  return epochAt(now - genesis, parameters) > epochAt(parent - genesis, parameters);
}

function epochAt(ageMs: number, { epochMs }: Epochs): number {
  return Math.floor(ageMs / epochMs);
}

/** Whether the next block would be an epoch boundary with the timestamp `now`. */
export function reachesBoundary(clock: Clock, now: Timestamp, parameters: Epochs): boolean {
  return isBoundary({ genesis: clock.genesis, parent: clock.now, now }, parameters);
}

/** Returns the clock after the next block, whose timestamp is `now`. */
export function clockAfter(clock: Clock, now: Timestamp, parameters: Epochs): Clock {
  const moved = { ...clock, parent: clock.now, now };
  if (!reachesBoundary(clock, now, parameters)) return moved;
  return {
    ...moved,
    previousBoundary: clock.boundary,
    boundary: now,
    boundaries: clock.boundaries + 1,
  };
}

/** Whether the last block was an epoch boundary. */
export function isAtBoundary({ boundaries, boundary, now }: Clock): boolean {
  return boundaries > 0 && boundary === now;
}

/**
 * Returns the time between the last two epoch boundaries in milliseconds, but at most the length of
 * one epoch. Used for counting absence.
 */
export function lastEpochMs({ previousBoundary, boundary }: Clock, { epochMs }: Epochs): number {
  return Math.min(boundary - previousBoundary, epochMs);
}

/**
 * Returns the time span of the next block if its timestamp is `now`: from its parent's age to its
 * own age. Ages are milliseconds since genesis.
 */
export function spanTo({ genesis, now: parent }: Clock, now: Timestamp): BlockSpan {
  return { fromMs: parent - genesis, untilMs: now - genesis };
}

/** Returns the age of the chain at the last block: header time since genesis, in milliseconds. */
export function ageOf({ genesis, now }: Clock): number {
  return now - genesis;
}

/**
 * Returns the time span of the last block: from its parent's age to its own age. Ages are
 * milliseconds since genesis.
 */
export function spanOf({ genesis, parent, now }: Clock): BlockSpan {
  return { fromMs: parent - genesis, untilMs: now - genesis };
}

/**
 * Returns the earliest time at which a request in a block can take effect. Requests take effect at
 * an epoch boundary (the first block of a new epoch). If the block is itself an epoch boundary,
 * this is its timestamp. Otherwise it is the end of the block's epoch.
 */
export function earliestBoundary(
  times: { readonly genesis: Timestamp; readonly parent: Timestamp; readonly now: Timestamp },
  parameters: Epochs,
): Timestamp {
  const { genesis, now } = times;
  if (isBoundary(times, parameters)) return now;
  return toTimestamp(genesis + (epochAt(now - genesis, parameters) + 1) * parameters.epochMs);
}
