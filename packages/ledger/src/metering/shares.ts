import type { ChainParameters, ProofBody } from "@aethel/models";

/**
 * Divisor for the part of a block's units that is reserved for proofs, whatever certificate and
 * evidence take.
 */
const PROOFS_PART = 2;

/**
 * Divisor for the part of a block's units that a call may reserve. Four calls never fill the part
 * for proofs.
 */
const CALL_PART = 4;

/**
 * Units of a block for its proofs: those that its opening leaves, and at least a half. The
 * certificate of a set of many thousands takes more than a block, and proofs continue in smaller
 * blocks.
 */
export function unitsForProofs(blockUnitsMax: number, opened: number): number {
  return Math.max(blockUnitsMax - opened, Math.floor(blockUnitsMax / PROOFS_PART));
}

/**
 * Most units that a proof may reserve: a judged proof, with its record, a half of a block, which
 * every block has for proofs; a call a quarter, which leaves room for the longest program.
 *
 * So every admitted proof fits into a block of its own, whatever the set. A proof that never fits
 * would stay at the top of the mempool for ever. A call reserves its resource limit and pays for
 * its use: with a larger part, a few unspent limits would keep all others out.
 */
export function mostUnits(
  { type }: Pick<ProofBody, "type">,
  { blockUnitsMax }: Pick<ChainParameters, "blockUnitsMax">,
): number {
  return Math.floor(blockUnitsMax / (type === "invoke" ? CALL_PART : PROOFS_PART));
}
