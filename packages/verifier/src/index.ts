/**
 * The Aethel language and the Judge over Z3: deterministic verdicts for provable state changes.
 *
 * A verdict is a pure function of (Judge version, payload, resource limit). A `valid` intent is
 * proved for all states and arguments.
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
} from "./judgement.ts";

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
export { difficultyOf } from "./verdicts/difficulty.ts";
export {
  JUDGE_VERSION,
  RESOURCE_LIMIT_DEFAULT,
  RESOURCE_LIMIT_MAX,
} from "./limits.ts";
export { SCRIPT_BYTES_MAX } from "./theorem/limits.ts";
export { type JudgeIdentity, judgeIdentity } from "./judge/identity.ts";

// Theorems
export { type Screening, screenScript } from "./theorem/screen.ts";
export type { ScreenCode, ScreenFault } from "./theorem/syntax/s-expression.ts";

// Language
export {
  type CompiledBatch,
  type CompiledIntent,
  type CompileOptions,
  type CompileResult,
  compileSource,
} from "./intent/compiled/compile.ts";
export {
  type Diagnostic,
  type DiagnosticCode,
  renderDiagnostic,
} from "./language/syntax/diagnostic.ts";
export { type FormatResult, formatSource } from "./language/format/format.ts";
export { nearestName } from "./contract/check/suggest.ts";
export { LANGUAGE_LIMITS } from "./language/syntax/limits.ts";
export { type DeclaredAsset, declaredAsset } from "./language/syntax/assets.ts";
export type { TypedParameter } from "./language/check/check.ts";
export type { FieldName, ParameterType } from "./language/syntax/fields.ts";
export type { Value } from "./language/evaluate.ts";
export { type StandardIntent, standardIntents } from "./standard-intents.ts";

// Execution
export type {
  Execution,
  ExecutionInput,
  FaultCode,
  FieldWrite,
  SupplyWrite,
} from "./intent/execution/execution.ts";
export { interpretIntent } from "./intent/execution/interpret.ts";
export type { Write } from "./intent/compiled/write-set.ts";

// Contracts
export { type CompileContractResult, compileContract } from "./contract/compile-contract.ts";
export { refutesContract } from "./contract/counterexample/refute-contract.ts";
export { REFUTATION_BYTES_MAX } from "./contract/counterexample/run-bytes.ts";
export { contractIntentDigest } from "./contract/intent-digest.ts";
export { messagesOf } from "./contract/messages.ts";
export { decodeStored, encodeStored, storedSize } from "./contract/evaluate/stored-value.ts";
export { defaultOf, equalValues, isDefault, isOfType } from "./contract/typed/values.ts";
export {
  brokenInvariants,
  type BrokenRule,
  brokenRule,
  type WholeWorld,
} from "./contract/whole-state/evaluate-rules.ts";
export { type StoppedExit, stoppedExits } from "./contract/whole-state/stopped-exits.ts";
export {
  applyChanges,
  cellKey,
  cellOf,
  initialState,
  type WholeCell,
  type WholeState,
} from "./contract/whole-state/whole-state.ts";
export type { ContractFault } from "./contract/evaluate/fault.ts";
export type {
  AssetChange,
  CellChange,
  ContractCall,
  ContractChanges,
  ContractEvent,
  ContractState,
  HoldingChange,
  SignedRecord,
  ValueChange,
} from "./contract/execution/contract-state.ts";
export { type CallWrites, writesOfCall } from "./contract/execution/call-writes.ts";
export { type CallResult, callUnitsBound, runCall } from "./contract/execution/run-call.ts";
export type {
  ContractAssetType,
  ContractParameter,
  Place,
  TypedClause,
  TypedContract,
  TypedExit,
  TypedForEach,
  TypedIntent,
  TypedLet,
  TypedMap,
  TypedPromise,
  TypedRule,
  TypedScalar,
  TypedStatement,
} from "./contract/typed/typed-contract.ts";
export type { StateRead, Typed, TypedLeaf } from "./contract/typed/typed-expression.ts";
export type {
  ArgumentType,
  ContractValue,
  EnumType,
  ExpressionType,
  FieldValue,
  RecordType,
  ScalarType,
  ValueType,
} from "./contract/typed/value-types.ts";

// Obligations
export type {
  Counterexample,
  ShownAccount,
  ShownArgument,
  ShownContract,
  ShownPlace,
  ShownSupply,
} from "./intent/counterexample/counterexample.ts";
export { confirmCounterexample } from "./intent/counterexample/confirm.ts";
export { obligationsOf } from "./intent/encoder/obligations.ts";
export type { Obligation, ObligationKind, Position, Span } from "./obligation.ts";
export type { Sort, Term, TermValue } from "./term.ts";

// Errors
export { VerifierError, type VerifierFault } from "./errors.ts";
