import type { Difficulty, Resource } from "@aethel/models/primitives";
import type { Counterexample } from "./intent/counterexample.ts";
import type { ObligationKind, Span } from "./obligation.ts";

/** What is to be proved. */
export type JudgePayload =
  /** An SMT-LIB 2 script, claimed unsatisfiable. */
  | { readonly type: "theorem"; readonly script: Uint8Array }
  /** Source text of intents. `privileged`: they may write stake, so they come from genesis. */
  | { readonly type: "publish"; readonly source: Uint8Array; readonly privileged?: boolean };

/** `valid`: proved. `refuted`: shown wrong, and confirmed without the solver. Else `unknown`. */
export type Verdict = "valid" | "refuted" | "unknown";

/**
 * Basis of a `valid`. `certified`: the kernel accepted a certificate of every obligation.
 * `solver`: Z3 said so, and nothing checked it. Intents are `valid` only when certified.
 */
export type Trust = "certified" | "solver";

/** What the Judge found. `judged` and `rejected` are pure in (Judge version, payload, limit). */
export type Judgement = Judged | Rejected | Abstained;

/** The proof is well formed and was worked on. */
export interface Judged {
  readonly type: "judged";
  readonly kind: JudgePayload["type"];
  readonly verdict: Verdict;
  /** Present when `valid`, and only then. */
  readonly trust?: Trust;
  /**
   * Present when Z3 proved an intent and no certificate was found or accepted: it is `unknown`.
   * `reason` names the obligation; `resource` is what was used, not the limit.
   */
  readonly code?: "uncertified";
  /** Canonical bytes that `checkIntentCertificate` accepts; present when certified. */
  readonly certificate?: Uint8Array;
  readonly difficulty: Difficulty;
  /** Units spent; the whole limit when that was not enough. */
  readonly resource: Resource;
  /** In the order of checking; empty for a theorem. */
  readonly obligations: readonly ObligationReport[];
  /** Of the first refuted obligation, or of the theorem. */
  readonly counterexample?: Counterexample | TheoremCounterexample;
  /** Why it is not `valid`, in one sentence. */
  readonly reason?: string;
  /** What was dropped or deserves a word. */
  readonly notes: readonly string[];
  /** Measured here and now: never hashed, never compared. */
  readonly milliseconds: number;
}

/** Screening, parsing or typing failed: no block may hold such a proof. */
export interface Rejected {
  readonly type: "rejected";
  readonly diagnostics: readonly JudgeDiagnostic[];
  readonly milliseconds: number;
}

/** No verdict, and nothing is said about the proof: this replica must not vote on it. */
export interface Abstained {
  readonly type: "abstained";
  readonly reason: "watchdog" | "crash" | "aborted" | "overloaded";
}

/** What is wrong and, where it is known, the place in the payload. */
export interface JudgeDiagnostic {
  readonly code: string;
  readonly message: string;
  readonly span?: Span;
}

/** One obligation's verdict, in the words of the source. */
export interface ObligationReport {
  readonly kind: ObligationKind;
  readonly intent: string;
  readonly label: string;
  readonly span: Span;
  readonly verdict: Verdict;
  /** Present when `valid`, and only then. */
  readonly trust?: Trust;
  /** Present when Z3 proved it and nothing certified it. */
  readonly code?: "uncertified";
  /** Its certificate, lemmas included. */
  readonly certificate?: CertificateReport;
  readonly resource: Resource;
  readonly counterexample?: Counterexample;
  /** Of a refuted `satisfiable`: guard clauses that cannot hold together, in their order. */
  readonly contradiction?: readonly ClauseInConflict[];
  readonly reason?: string;
}

/** Size of a certificate, and what the kernel did to check it. */
export interface CertificateReport {
  readonly bytes: number;
  /** Steps that the kernel counted. */
  readonly work: number;
}

/** A guard clause that takes part in a contradiction. */
export interface ClauseInConflict {
  /** As the formatter prints it. */
  readonly text: string;
  readonly span: Span;
}

/** Constants that make every assertion of a script true, as Z3 prints their values. */
export interface TheoremCounterexample {
  readonly type: "theorem";
  readonly values: readonly { readonly name: string; readonly value: string }[];
}
