import type { Difficulty, Resource } from "@aethel/models/primitives";
import type { Counterexample } from "./intent/counterexample/counterexample.ts";
import type { ObligationKind, Span } from "./obligation.ts";

/** Payload of the Judge. */
export type JudgePayload =
  /** SMT-LIB 2 script that is claimed to be unsatisfiable. */
  | { readonly type: "theorem"; readonly script: Uint8Array }
  /**
   * Source text: intents, or a contract. `privileged`: the source comes from genesis, so its intents
   * may write stake. It changes nothing for a contract.
   */
  | { readonly type: "publish"; readonly source: Uint8Array; readonly privileged?: boolean };

/**
 * Verdict of the Judge. `valid`: proved. `refuted`: shown wrong, and confirmed without the solver.
 * `unknown`: neither.
 */
export type Verdict = "valid" | "refuted" | "unknown";

/**
 * Basis of a `valid` verdict. `certified`: the kernel accepted a certificate of every obligation.
 * `solver`: Z3 proved it, and nothing else checked this. An intent is `valid` only if it is
 * certified.
 */
export type Trust = "certified" | "solver";

/**
 * Result of a check. `judged` and `rejected` are pure functions of (Judge version, payload, limit).
 */
export type Judgement = Judged | Rejected | Abstained;

/** Result for a well-formed payload. */
export interface Judged {
  readonly type: "judged";
  readonly kind: JudgePayload["type"];
  readonly verdict: Verdict;
  /** Basis of a `valid` verdict. Absent for other verdicts. */
  readonly trust?: Trust;
  /**
   * Present if Z3 proved an intent but no certificate was found or accepted. The verdict is then
   * `unknown`, `reason` names the obligation, and `resource` is the work that was done, not the
   * limit.
   */
  readonly code?: "uncertified";
  /**
   * Certificate in canonical bytes. Present if the payload is certified. `checkIntentCertificate`
   * accepts it for an intent, `checkTheoremCertificate` for a theorem.
   */
  readonly certificate?: Uint8Array;
  readonly difficulty: Difficulty;
  /** Units of work that were spent. It is the whole limit if the limit was exhausted. */
  readonly resource: Resource;
  /** Reports on the obligations in the order of checking. Empty for a theorem. */
  readonly obligations: readonly ObligationReport[];
  /** Counterexample of the first refuted obligation, or of the theorem. Absent if there is none. */
  readonly counterexample?: Counterexample | TheoremCounterexample;
  /**
   * Encoded run that refutes a contract, for `refutesContract`. Absent for other payloads and
   * verdicts, and if no run has room in it.
   */
  readonly refutation?: Uint8Array;
  /** Sentence that says why the payload is not `valid`. Absent if it is. */
  readonly reason?: string;
  /** Remarks, such as parts of a script that were dropped. */
  readonly notes: readonly string[];
  /** Wall-clock time of judging. It is never hashed and never compared. */
  readonly milliseconds: number;
}

/**
 * Result for a payload that fails screening, parsing or typing. No block may contain such a proof.
 */
export interface Rejected {
  readonly type: "rejected";
  readonly diagnostics: readonly JudgeDiagnostic[];
  readonly milliseconds: number;
}

/**
 * Result without a verdict. It says nothing about the payload, so a replica must not vote on it.
 */
export interface Abstained {
  readonly type: "abstained";
  readonly reason: "watchdog" | "crash" | "aborted" | "overloaded";
}

/** Fault of a payload, with its place in the source or script if that is known. */
export interface JudgeDiagnostic {
  readonly code: string;
  readonly message: string;
  readonly span?: Span;
}

/** Verdict of one obligation, in the words of the source. */
export interface ObligationReport {
  readonly kind: ObligationKind;
  readonly intent: string;
  readonly label: string;
  /**
   * Rule of a contract that the obligation is about, such as `invariant solvent`. Absent for other
   * obligations.
   */
  readonly subject?: string;
  readonly span: Span;
  readonly verdict: Verdict;
  /** Basis of a `valid` verdict. Absent for other verdicts. */
  readonly trust?: Trust;
  /** Present if Z3 proved the obligation but no certificate was found or accepted. */
  readonly code?: "uncertified";
  /**
   * Report on the obligation's certificate, including its lemmas. Absent if the intent is not
   * certified.
   */
  readonly certificate?: CertificateReport;
  readonly resource: Resource;
  readonly counterexample?: Counterexample;
  /**
   * Guard clauses that cannot hold together, in their order. Present only for a refuted
   * `satisfiable`.
   */
  readonly contradiction?: readonly ClauseInConflict[];
  readonly reason?: string;
  /** Next step for the author of a contract. Absent if the obligation is valid. */
  readonly advice?: string;
}

/** Size of a certificate in bytes, and the kernel's work on it. */
export interface CertificateReport {
  readonly bytes: number;
  /** Units of work that the kernel counted. */
  readonly work: number;
}

/** Guard clause that takes part in a contradiction. */
export interface ClauseInConflict {
  /** Clause in canonical text. */
  readonly text: string;
  readonly span: Span;
}

/** Values of a script's constants for which every assertion is true, as Z3 prints them. */
export interface TheoremCounterexample {
  readonly type: "theorem";
  readonly values: readonly { readonly name: string; readonly value: string }[];
}
