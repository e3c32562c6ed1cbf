/**
 * The state machine: what blocks do to accounts, validators, intents and the supply.
 *
 * Executing a block is a pure function of state and block; value is conserved by every transition.
 *
 * @example
 * ```ts
 * import { createLedger } from "@aethel/ledger";
 *
 * const ledger = await createLedger({ genesis, judge }); // the Judge proves the genesis intents
 * ledger.submit(proof); // { type: "accepted", ... } or { type: "refused", code: "nonce-used", ... }
 * const block = await ledger.propose(request); // ledger is an `Application` of `@aethel/pbft`
 * ```
 *
 * @packageDocumentation
 */

// State
export { type LedgerState, restoreState, supplyOf, totalSupply } from "./state.ts";
export {
  Account,
  AssetRecord,
  Certification,
  Clock,
  Holding,
  IntentRecord,
  ACCURACY_EPOCHS,
  KEY_KIND,
  KeyRecord,
  OffenceRecord,
  Participation,
  stateKey,
  Supply,
  TheoremRecord,
  TREASURY,
  Unbonding,
  ValidatorRecord,
} from "./state-layout.ts";
export { type Lane, QueueEntry, QueuePlace, Queues } from "./queues/layout.ts";
export { createGenesisState, genesisState } from "./genesis.ts";
export { FAUCET_SOURCE } from "./faucet.ts";

// Execution
export {
  type BlockDefect,
  describeBlockDefect,
  earliestTimestamp,
  executeBlock,
  type ExecutedBlock,
  type BlockBody,
  sealBlock,
  stateAfter,
} from "./execute-block.ts";
export {
  beginBlock,
  type BlockExecution,
  type BlockOpening,
  type BlockRun,
  type ExecutionTools,
} from "./execution.ts";
export { earliestBorder, isBorder } from "./time/clock.ts";
export { STATE_BOUNDS, type StateBounds } from "./queues/bounds.ts";
export { createPrograms, type Program, type Programs } from "./programs.ts";
export {
  assetTotals,
  type ConservationDefect,
  findConservationDefect,
  totalHeld,
} from "./conservation.ts";

// Validators
export { ACCURACY_MIN, type Accuracy, type AccuracyAlert, accuracyOf } from "./accuracy.ts";
export { systemIntents } from "./system-intents.ts";

// History
export {
  type HistoryDefect,
  type HistoryStart,
  type HistoryStep,
  type HistoryVerdict,
  type SelectedHistory,
  selectHistory,
  verifyHistory,
} from "./history.ts";

// Results
export { RESULT_CODES, type ResultCode } from "./result-code.ts";
export { detailText, Receipt } from "./receipt.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export { baseFeesOf } from "./fees/base-fees.ts";
export type { EstimatedRun } from "./fees/estimated-run.ts";
export { estimateFee, type ExpectedCharge, type FeeEstimate, type Guess } from "./fees/estimate.ts";
export { leastFeeLimit, paysBase, priceOf } from "./fees/price.ts";
export { quoteFeeLimit, type QuoteOptions } from "./fees/quote.ts";
export type { EvidenceRefusal } from "./justice/evidence.ts";

// Mempool
export {
  type Added,
  type BlockEffects,
  createMempool,
  type Dropped,
  MEMPOOL_LIMITS,
  type Mempool,
  type MempoolLimits,
  type SubmitRefusal,
  type SubmitRefusalCode,
} from "./mempool/mempool.ts";
export type { PendingProof } from "./mempool/pending.ts";

// Ledger
export type { BlockRequest, BlockVerdict, LedgerHead, VerdictRequest } from "./application.ts";
export type { LedgerEvent, LedgerListener } from "./events.ts";
export { createLedger } from "./create-ledger.ts";
export type { Ledger, LedgerOptions } from "./ledger.ts";
export type { AssetView, IntentView, Page, Queries, ValidatorView } from "./queries.ts";
export type { Named, PageRequest } from "./directory/sorted-names.ts";
export { createMemoryStore, type LedgerBatch, type LedgerStore, type StoredHead } from "./store.ts";

// Judge
export type { Judged, Judgement, JudgePayload, JudgePort } from "./ports.ts";

// Errors
export { LedgerError, type LedgerFault } from "./errors.ts";
