import { AethelError } from "@aethel/models/primitives";

/**
 * Facts of a `VerifierError`. Faults of a payload are part of its `Judgement` and are never thrown.
 */
export type VerifierFault =
  /** Use of the Judge after `close`. */
  | { readonly code: "CLOSED" }
  /**
   * Solver whose files are missing or damaged, or that behaves unlike the version for which this
   * package was made.
   */
  | { readonly code: "SOLVER_UNUSABLE"; readonly reason: string }
  /**
   * Error that Z3 reported for a formula that this package built: a bug of this package, not a
   * fault of the payload.
   */
  | { readonly code: "SOLVER_ERROR"; readonly operation: string; readonly message: string }
  /** Option of `createJudge` or `check` that is out of its range. */
  | { readonly code: "OPTION"; readonly option: string; readonly reason: string };

/** Error class of `@aethel/verifier`. */
export class VerifierError extends AethelError<VerifierFault> {
  override readonly name = "VerifierError";
}
