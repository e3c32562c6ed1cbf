import type { ChainParameters, ProofBody } from "@aethel/models";

/**
 * Divisor of a block's execution units. The quotient is reserved for proofs, whatever certificate
 * and evidence take.
 */
const PROOFS_PART = 2;

/** Divisor of a block's execution units. The quotient is the most that a call may reserve. */
const CALL_PART = 4;

/**
 * Returns the execution units of a block for its proofs: those that its opening leaves, but at
 * least half of all. So proofs continue even in a set of many thousands, whose certificate alone
 * takes more units than a block has.
 */
export function unitsForProofs(blockUnitsMax: number, opened: number): number {
  return Math.max(blockUnitsMax - opened, Math.floor(blockUnitsMax / PROOFS_PART));
}

/**
 * Returns the most execution units that a proof may reserve. A judged proof may reserve half of a
 * block, its record included; every block has that much for proofs. A call may reserve a quarter,
 * so that there is enough left to load the longest program.
 *
 * So every admitted proof fits into a block of its own, with any set. A proof that never fits would
 * stay at the top of the mempool forever. A call reserves its resource limit but pays for its use
 * only. If it could reserve more, a few calls with unused limits would keep all others out.
 */
export function mostUnits(
  { type }: Pick<ProofBody, "type">,
  { blockUnitsMax }: Pick<ChainParameters, "blockUnitsMax">,
): number {
  return Math.floor(blockUnitsMax / (type === "invoke" ? CALL_PART : PROOFS_PART));
}
