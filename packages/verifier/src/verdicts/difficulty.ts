import { type Difficulty, type Resource, toDifficulty } from "@aethel/models/primitives";

/** Units of difficulty for one byte of a proof: reading and typing have a cost without proving. */
const PER_BYTE = 8;

/** Solver units in one unit of difficulty. */
const RESOURCE_PER_UNIT = 4;

/**
 * Returns the work of a proof as an integer: `floor(resource / 4) + 8 x bytes + 1`.
 *
 * The measure is linear, so splitting one proof or joining two changes it by the 1 only. A byte
 * weighs 32 solver units, which is a choice, not a measurement. The minimum burn of a fee follows
 * difficulty, so padding a proof with bytes costs more than it earns. Monotone in both arguments
 * (P4).
 */
export function difficultyOf(work: {
  readonly resource: Resource;
  /** Bytes of the payload as submitted. */
  readonly proofBytes: number;
}): Difficulty {
  return toDifficulty(
    Math.floor(work.resource / RESOURCE_PER_UNIT) + PER_BYTE * work.proofBytes + 1,
  );
}
