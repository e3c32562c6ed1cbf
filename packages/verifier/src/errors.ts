import { AethelError } from "@aethel/models/primitives";

/** What can go wrong outside a judgement. What a proof does wrong is a `Judgement`, never thrown. */
export type VerifierFault =
  /** A `Judge` was used after `close()`. */
  | { readonly code: "CLOSED" }
  /** The solver's files are missing, damaged, or behave unlike the version that was measured. */
  | { readonly code: "SOLVER_UNUSABLE"; readonly reason: string }
  /** Z3 reported an error for a formula that we built ourselves: our bug, not the submitter's. */
  | { readonly code: "SOLVER_ERROR"; readonly operation: string; readonly message: string }
  /** An option of `createJudge` or `check` outside its range. */
  | { readonly code: "OPTION"; readonly option: string; readonly reason: string };

/** The one error class of `@aethel/verifier`. */
export class VerifierError extends AethelError<VerifierFault> {
  override readonly name = "VerifierError";
}
