import { type Difficulty, toDifficulty, type VerificationResult } from "@aethel/models";
import type { EconomicParameters } from "./parameters.ts";

/** Fields of a result that decide whether it mints. */
export type MintingResult = Pick<VerificationResult, "outcome" | "trust" | "difficulty">;

/**
 * Difficulty that a proof adds to what its block mints for, and that it must burn for: all of it
 * or 0.
 *
 * Two things are demanded. It was applied: what was refuted, undecided, forbidden or recorded before
 * gives the chain nothing new. And it is certified: the solver alone has been wrong, so its word
 * mints only where the parameters say so (`solverTheoremsMint`).
 */
export function mintingDifficulty(
  { outcome, trust, difficulty }: MintingResult,
  { solverTheoremsMint }: Pick<EconomicParameters, "solverTheoremsMint">,
): Difficulty {
  const isTrusted = trust === "certified" || (trust === "solver" && solverTheoremsMint);
  return outcome === "applied" && isTrusted ? difficulty : toDifficulty(0);
}
