import { type Difficulty, type Resource, toDifficulty } from "@aethel/models/primitives";

/** Units of difficulty for one byte of a proof: reading and typing it costs even if proving does not. */
const PER_BYTE = 8;

/** Solver units that make one unit of difficulty. */
const RESOURCE_PER_UNIT = 4;

/**
 * The Judge's integer measure of a proof's work: `floor(resource / 4) + 8 x bytes + 1`.
 *
 * Linear, so it cannot be raised by splitting one proof in two or by joining two (but for the 1).
 * A byte weighs 32 solver units: a choice, not a measurement; the minimum burn of a fee follows
 * difficulty, so padding a proof with bytes loses like any farming. Monotone in both (P4).
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
