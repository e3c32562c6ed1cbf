import type { Difficulty, Resource } from "@aethel/models/primitives";
import type { Counterexample } from "./intent/counterexample/counterexample.ts";
import type { ObligationKind, Span } from "./obligation.ts";

/** Payload of the Judge. */
export type JudgePayload =
  /** SMT-LIB 2 script that is claimed unsatisfiable. */
  | { readonly type: "theorem"; readonly script: Uint8Array }
  /** Source text of intents. `privileged`: it comes from genesis and may write stake. */
  | { readonly type: "publish"; readonly source: Uint8Array; readonly privileged?: boolean };

/**
 * Answer of the Judge. `valid`: proved. `refuted`: shown wrong, and confirmed without the solver.
 * `unknown`: neither.
 */
export type Verdict = "valid" | "refuted" | "unknown";

/**
 * Basis of a `valid`. `certified`: the kernel accepted a certificate of every obligation. `solver`:
 * Z3 proved it, and nothing checked that. Intents are `valid` only when certified.
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
  /** Basis of a `valid`; absent otherwise. */
  readonly trust?: Trust;
  /**
   * Present when Z3 proved an intent and no certificate was found or accepted. The verdict is then
   * `unknown`, `reason` names the obligation, and `resource` is what was used, not the limit.
   */
  readonly code?: "uncertified";
  /** Canonical bytes that `checkIntentCertificate` accepts; present when certified. */
  readonly certificate?: Uint8Array;
  readonly difficulty: Difficulty;
  /** Units spent; the whole limit when it was exhausted. */
  readonly resource: Resource;
  /** Reports in the order of checking; empty for a theorem. */
  readonly obligations: readonly ObligationReport[];
  /** Counterexample of the first refuted obligation, or of the theorem. */
  readonly counterexample?: Counterexample | TheoremCounterexample;
  /** One sentence that says why the payload is not `valid`. */
  readonly reason?: string;
  /** Remarks, such as parts of a script that were dropped. */
  readonly notes: readonly string[];
  /** Wall-clock time. It is never hashed and never compared. */
  readonly milliseconds: number;
}

/** Result for a payload that fails screening, parsing or typing. No block may hold such a proof. */
export interface Rejected {
  readonly type: "rejected";
  readonly diagnostics: readonly JudgeDiagnostic[];
  readonly milliseconds: number;
}

/** Result without a verdict. It says nothing about the proof: a replica must not vote on it. */
export interface Abstained {
  readonly type: "abstained";
  readonly reason: "watchdog" | "crash" | "aborted" | "overloaded";
}

/** Fault of a payload, with its place where that is known. */
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
  readonly span: Span;
  readonly verdict: Verdict;
  /** Basis of a `valid`; absent otherwise. */
  readonly trust?: Trust;
  /** Present when Z3 proved the obligation and no certificate was found or accepted. */
  readonly code?: "uncertified";
  /** Report on the obligation's certificate, lemmas included. */
  readonly certificate?: CertificateReport;
  readonly resource: Resource;
  readonly counterexample?: Counterexample;
  /** Guard clauses that cannot hold together, in their order; of a refuted `satisfiable`. */
  readonly contradiction?: readonly ClauseInConflict[];
  readonly reason?: string;
}

/** Size of a certificate, and the kernel's work on it. */
export interface CertificateReport {
  readonly bytes: number;
  /** Steps that the kernel counted. */
  readonly work: number;
}

/** Guard clause that takes part in a contradiction. */
export interface ClauseInConflict {
  /** Clause as the formatter prints it. */
  readonly text: string;
  readonly span: Span;
}

/** Constants for which every assertion of a script is true, as Z3 prints their values. */
export interface TheoremCounterexample {
  readonly type: "theorem";
  readonly values: readonly { readonly name: string; readonly value: string }[];
}
