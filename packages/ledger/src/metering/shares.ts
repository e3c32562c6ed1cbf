import type { ChainParameters, ProofBody } from "@aethel/models";

/** A half of a block's units is for its proofs, whatever certificate and evidence take. */
const PROOFS_PART = 2;

/** A call may reserve one part of so many: four of them never fill what a block has for proofs. */
const CALL_PART = 4;

/**
 * Units that a block has for its proofs: what its opening leaves, and a half at least. A set of
 * many thousands takes more than a block for its certificate: proofs go on, in smaller blocks.
 */
export function unitsForProofs(blockUnitsMax: number, opened: number): number {
  return Math.max(blockUnitsMax - opened, Math.floor(blockUnitsMax / PROOFS_PART));
}

/**
 * Most units that a proof may reserve: what is judged, with its record, a half of a block, which
 * any block has for proofs; a call a quarter, beside which a half has room for the longest program.
 *
 * So each proof that is not refused for this fits into a block of its own, whatever the set: else
 * some that never fit would stand at the top of the mempool for ever. A call reserves its resource
 * limit and pays for what it used: with more than a quarter, a few unspent limits would keep
 * everybody else out.
 */
export function mostUnits(
  { type }: Pick<ProofBody, "type">,
  { blockUnitsMax }: Pick<ChainParameters, "blockUnitsMax">,
): number {
  return Math.floor(blockUnitsMax / (type === "invoke" ? CALL_PART : PROOFS_PART));
}
