import { type Difficulty, toDifficulty, type VerificationResult } from "@aethel/models";
import type { EconomicParameters } from "../parameters.ts";

/** Fields of a verification result that decide whether it mints. */
export type MintingResult = Pick<VerificationResult, "outcome" | "trust" | "difficulty">;

/**
 * Returns the difficulty that counts for the reward of a proof and for the least amount that its
 * fee must burn. It is the whole difficulty of the proof, or 0.
 *
 * It counts if the outcome is `applied` and the trust is `certified`. Other outcomes (refuted,
 * unknown, forbidden, recorded before) add nothing to the chain. Solvers have given wrong answers,
 * so with trust `solver` it counts only if the parameter `solverTheoremsMint` is set.
 */
export function mintingDifficulty(
  { outcome, trust, difficulty }: MintingResult,
  { solverTheoremsMint }: Pick<EconomicParameters, "solverTheoremsMint">,
): Difficulty {
  const isTrusted = trust === "certified" || (trust === "solver" && solverTheoremsMint);
  return outcome === "applied" && isTrusted ? difficulty : toDifficulty(0);
}
