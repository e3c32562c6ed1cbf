import { type Difficulty, type Resource, toDifficulty } from "@aethel/models/primitives";

/**
 * Units of difficulty for one byte of a proof. Reading and typing cost something even without
 * proving.
 */
const PER_BYTE = 8;

/** Solver units that make up one unit of difficulty. */
const RESOURCE_PER_UNIT = 4;

/**
 * Returns the difficulty of a proof: `floor(resource / 4) + 8 x bytes + 1`.
 *
 * It is linear apart from rounding, so splitting one proof or joining two gains almost nothing. A
 * byte weighs as much as 32 solver units, which is a choice, not a measurement. The least amount
 * that a fee must burn follows difficulty, so padding a proof with bytes costs more than it earns.
 * The difficulty never falls if one of the arguments grows (property P4).
 */
export function difficultyOf(work: {
  readonly resource: Resource;
  /** Size of the payload as submitted, in bytes. */
  readonly proofBytes: number;
}): Difficulty {
  return toDifficulty(
    Math.floor(work.resource / RESOURCE_PER_UNIT) + PER_BYTE * work.proofBytes + 1,
  );
}
