import { type Difficulty, toDifficulty, type VerificationResult } from "@aethel/models";
import type { EconomicParameters } from "../parameters.ts";

/** Fields of a result that decide whether it mints. */
export type MintingResult = Pick<VerificationResult, "outcome" | "trust" | "difficulty">;

/**
 * Difficulty that a proof mints for, and must burn for: its whole difficulty or 0.
 *
 * A proof mints if its outcome is `applied` and its trust is `certified`. Other outcomes (refuted,
 * unknown, forbidden, recorded before) add nothing to the chain. Solvers have given wrong answers,
 * so trust `solver` mints only with the parameter `solverTheoremsMint`.
 */
export function mintingDifficulty(
  { outcome, trust, difficulty }: MintingResult,
  { solverTheoremsMint }: Pick<EconomicParameters, "solverTheoremsMint">,
): Difficulty {
  const isTrusted = trust === "certified" || (trust === "solver" && solverTheoremsMint);
  return outcome === "applied" && isTrusted ? difficulty : toDifficulty(0);
}
