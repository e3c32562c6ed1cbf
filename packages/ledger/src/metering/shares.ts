import type { ChainParameters, ProofBody } from "@aethel/models";

/**
 * Divisor of a block's execution units. The quotient is reserved for proofs, however many units the
 * parent's certificate and the evidence take.
 */
const PROOFS_PART = 2;

/** Divisor of a block's execution units. The quotient is the most units that a call may reserve. */
const CALL_PART = 4;

/**
 * Returns the execution units of a block for its proofs: those that the parent's certificate and
 * the evidence leave, but at least half of all. So a block can include proofs even if the set has
 * many thousands of members, whose certificate alone takes more units than a block has.
 */
export function unitsForProofs(blockUnitsMax: number, opened: number): number {
  return Math.max(blockUnitsMax - opened, Math.floor(blockUnitsMax / PROOFS_PART));
}

/**
 * Returns the most execution units that a proof may reserve. A judged proof, with its record, may
 * reserve half of a block, which every block has for proofs. A call may reserve a quarter, so that
 * enough is left to load the longest program.
 *
 * So every admitted proof fits into a block without other proofs, for any validator set. A proof
 * that never fits would stay at the top of the mempool forever. The limit is lower for calls
 * because a call reserves its resource limit and pays only for its use: a few calls with unused
 * limits could keep all others out of a block.
 */
export function mostUnits(
  { type }: Pick<ProofBody, "type">,
  { blockUnitsMax }: Pick<ChainParameters, "blockUnitsMax">,
): number {
  return Math.floor(blockUnitsMax / (type === "invoke" ? CALL_PART : PROOFS_PART));
}
