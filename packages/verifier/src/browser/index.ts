/**
 * The Judge in a browser page: Web Workers instead of threads, and a solver that is fetched and
 * hashed before it runs. All else is the code of `@aethel/verifier`.
 *
 * Verdict, resource count and difficulty of a proof are the same as in Node.
 *
 * @example
 * ```ts
 * import { createJudge } from "@aethel/verifier/browser";
 *
 * const judge = await createJudge({ workers: navigator.hardwareConcurrency });
 * const script = new TextEncoder().encode("(declare-const p Bool)(assert (and p (not p)))(check-sat)");
 * const judgement = await judge.check({ type: "theorem", script });
 * judgement.type === "judged" && judgement.verdict; // "valid"
 * ```
 *
 * @packageDocumentation
 */

// Judge
export { type BrowserJudgeOptions, createJudge } from "./create-judge.ts";
export type { WebWorker } from "./web-worker.ts";
export type {
  CheckOptions,
  Judge,
  JudgeLimits,
  JudgeOptions,
  JudgeStatistics,
} from "../judge/open-judge.ts";
export type {
  Abstained,
  CertificateReport,
  ClauseInConflict,
  Judged,
  JudgeDiagnostic,
  Judgement,
  JudgePayload,
  ObligationReport,
  Rejected,
  TheoremCounterexample,
  Trust,
  Verdict,
} from "../judgement.ts";

// Certificates
export { type CertificateCheck, checkIntentCertificate } from "../certificate/check-intent.ts";
export { checkTheoremCertificate, type TheoremCheck } from "../certificate/check-theorem.ts";

// Constants
export { difficultyOf } from "../verdicts/difficulty.ts";
export {
  JUDGE_VERSION,
  RESOURCE_LIMIT_DEFAULT,
  RESOURCE_LIMIT_MAX,
} from "../limits.ts";
export { SCRIPT_BYTES_MAX } from "../theorem/limits.ts";
export { judgeIdentity } from "./fetch-solver.ts";
export type { JudgeIdentity } from "../judge/identity.ts";

// Language
export {
  type CompileOptions,
  type CompileResult,
  compileSource,
} from "../intent/compiled/compile.ts";
export {
  type Diagnostic,
  type DiagnosticCode,
  renderDiagnostic,
} from "../language/syntax/diagnostic.ts";
export { type FormatResult, formatSource } from "../language/format/format.ts";
export { LANGUAGE_LIMITS } from "../language/syntax/limits.ts";
export { type StandardIntent, standardIntents } from "../standard-intents.ts";

// Execution
export { interpretIntent } from "../intent/execution/interpret.ts";
export type {
  Counterexample,
  ShownAccount,
  ShownArgument,
  ShownSupply,
} from "../intent/counterexample/counterexample.ts";
export type { Obligation, ObligationKind, Position, Span } from "../obligation.ts";

// Errors
export { VerifierError, type VerifierFault } from "../errors.ts";
