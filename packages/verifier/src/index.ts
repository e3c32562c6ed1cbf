/**
 * The Aethel language and the Judge over Z3: deterministic verdicts for provable state changes.
 *
 * A verdict is a pure function of (Judge version, payload, resource limit); what is called `valid`
 * was proved for all states and arguments.
 *
 * @example
 * ```ts
 * import { createJudge } from "@aethel/verifier";
 *
 * await using judge = await createJudge({ workers: 1 });
 * const script = new TextEncoder().encode("(declare-const p Bool)(assert (and p (not p)))(check-sat)");
 * const judgement = await judge.check({ type: "theorem", script });
 * judgement.type === "judged" && judgement.verdict; // "valid"
 * ```
 *
 * @packageDocumentation
 */

// Judge
export { createJudge } from "./judge/create-judge.ts";
export type {
  CheckOptions,
  Judge,
  JudgeLimits,
  JudgeOptions,
  JudgeStatistics,
} from "./judge/open-judge.ts";
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
} from "./judge/judgement.ts";

// Certificates
export { type CertificateCheck, checkIntentCertificate } from "./certificate/check-intent.ts";
export { checkTheoremCertificate, type TheoremCheck } from "./certificate/check-theorem.ts";
export {
  CERTIFICATE_BYTES_MAX,
  certificateDigest,
  decodeCertificate,
  encodeCertificate,
  PROOF_BYTES_MAX,
} from "./certificate/container.ts";

// Constants
export { difficultyOf } from "./judge/difficulty.ts";
export {
  JUDGE_VERSION,
  RESOURCE_LIMIT_DEFAULT,
  RESOURCE_LIMIT_MAX,
  SCRIPT_BYTES_MAX,
} from "./judge/limits.ts";
export { type JudgeIdentity, judgeIdentity } from "./z3/binary.ts";

// Theorems
export { type Screening, screenScript } from "./theorem/screen.ts";
export type { ScreenCode, ScreenFault } from "./theorem/s-expression.ts";

// Language
export {
  type CompiledBatch,
  type CompiledIntent,
  type CompileOptions,
  type CompileResult,
  compileSource,
} from "./intent/compile.ts";
export {
  type Diagnostic,
  type DiagnosticCode,
  renderDiagnostic,
} from "./language/diagnostic.ts";
export { type FormatResult, formatSource } from "./language/format.ts";
export { LANGUAGE_LIMITS } from "./language/limits.ts";
export { type DeclaredAsset, declaredAsset } from "./language/assets.ts";
export type { TypedParameter } from "./language/check.ts";
export type { FieldName, ParameterType } from "./language/fields.ts";
export type { Value } from "./language/evaluate.ts";
export { type StandardIntent, standardIntents } from "./standard-intents.ts";

// Execution
export {
  type Execution,
  type ExecutionInput,
  type FaultCode,
  type FieldWrite,
  interpretIntent,
  type SupplyWrite,
} from "./intent/interpret.ts";
export type { Write } from "./intent/write-set.ts";

// Obligations
export {
  type Counterexample,
  confirmCounterexample,
  type ShownAccount,
  type ShownArgument,
  type ShownSupply,
} from "./intent/counterexample.ts";
export { obligationsOf } from "./intent/obligations.ts";
export type { Obligation, ObligationKind, Position, Span } from "./obligation.ts";
export type { Sort, Term, TermValue } from "./term.ts";

// Errors
export { VerifierError, type VerifierFault } from "./errors.ts";
