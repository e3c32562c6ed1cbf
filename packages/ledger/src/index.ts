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
 * ledger.submit(proof); // { type: "accepted", ... } or { type: "refused", code, message }
 * const block = await ledger.propose(request); // ledger is an `Application` of `@aethel/pbft`
 * ```
 *
 * @packageDocumentation
 */

// State
export { type LedgerState, restoreState, supplyOf, totalSupply } from "./state/ledger-state.ts";
export {
  Account,
  AssetRecord,
  Certification,
  Clock,
  Holding,
  IntentRecord,
  Supply,
  TheoremRecord,
  TREASURY,
} from "./state/records.ts";
export {
  ACCURACY_EPOCHS,
  Participation,
  Unbonding,
  ValidatorRecord,
} from "./state/validator-records.ts";
export {
  ContractIntentRecord,
  ContractRecord,
  LANGUAGE_VERSION,
} from "./state/contract-records.ts";
export {
  proveStored,
  type StoredPlace,
  type StoredProof,
  type StoredRejection,
  type StoredVerdict,
  verifyStored,
} from "./state/stored-place.ts";
export {
  type ContractState,
  contractStatesIn,
  readContractState,
} from "./state/whole-states.ts";
export { cellCoding, decodeKeys, encodeKeys, scalarsCoding } from "./state/contract-codings.ts";
export { KEY_KIND, stateKey } from "./state/state-key.ts";
export { KeyRecord, OffenceRecord } from "./state/offence-records.ts";
export { type Lane, QueueEntry, QueuePlace, Queues } from "./state/queue-records.ts";
export { createGenesisState, genesisState } from "./genesis/genesis-state.ts";
export { FAUCET_SOURCE } from "./genesis/faucet.ts";

// Execution
export { type BlockDefect, describeBlockDefect } from "./execution/block-defect.ts";
export { earliestTimestamp } from "./execution/linkage.ts";
export { executeBlock, type ExecutedBlock, stateAfter } from "./execution/execute-block.ts";
export { type BlockBody, sealBlock } from "./execution/seal-block.ts";
export { beginBlock, type BlockOpening } from "./execution/begin-block.ts";
export type { BlockExecution, BlockRun } from "./execution/block-run.ts";
export type { ExecutionTools } from "./execution/execution-tools.ts";
export { earliestBoundary, isBoundary } from "./state/clock.ts";
export { STATE_BOUNDS, type StateBounds } from "./state/bounds.ts";
export { createPrograms, type Program, type Programs } from "./programs/programs.ts";
export { assetTotals } from "./history/asset-conservation.ts";
export type { ConservationDefect } from "./history/conservation-defect.ts";
export { findConservationDefect } from "./history/conservation.ts";
export { depositsIn } from "./history/deposit-pool.ts";
export { totalHeld } from "./history/held-amounts.ts";

// Validators
export {
  ACCURACY_MIN,
  type Accuracy,
  type AccuracyAlert,
  accuracyOf,
} from "./validators/accuracy.ts";
export { systemIntents } from "./programs/system-intents.ts";

// History
export type {
  HistoryDefect,
  HistoryStart,
  HistoryStep,
  HistoryVerdict,
} from "./history/history.ts";
export { type SelectedHistory, selectHistory } from "./history/select-history.ts";
export { verifyHistory } from "./history/verify-history.ts";

// Results
export { RESULT_CODES, type ResultCode } from "./results/result-code.ts";
export { CallReceipt } from "./results/call-receipt.ts";
export { detailText, Receipt } from "./results/receipt.ts";
export type { Refusal, RefusalCode } from "./results/refusal.ts";
export { baseFeesOf } from "./fees/base-fees.ts";
export type { EstimatedRun } from "./queries/estimated-run.ts";
export {
  estimateFee,
  type ExpectedCharge,
  type FeeEstimate,
  type Guess,
} from "./queries/estimate.ts";
export { leastFeeLimit, paysBase, priceOf } from "./fees/price.ts";
export { quoteFeeLimit, type QuoteOptions } from "./fees/quote.ts";
export type { EvidenceRefusal } from "./slashing/evidence.ts";

// Mempool
export type { Added, BlockEffects, Dropped, Mempool } from "./mempool/mempool.ts";
export { createMempool } from "./mempool/create-mempool.ts";
export { MEMPOOL_LIMITS, type MempoolLimits } from "./mempool/limits.ts";
export type { SubmitRefusal, SubmitRefusalCode } from "./mempool/submit-refusal.ts";
export type { PendingProof } from "./pending/pending.ts";

// Ledger
export type {
  BlockRequest,
  BlockVerdict,
  ClaimRequest,
  LedgerHead,
  VerdictRequest,
} from "./application/application.ts";
export type { LedgerEvent, LedgerListener } from "./application/events.ts";
export { createLedger } from "./create-ledger.ts";
export type { Ledger, LedgerOptions } from "./ledger.ts";
export type { AssetView, IntentView, Queries, ValidatorView } from "./queries/queries.ts";
export type { ContractQueries, ContractView } from "./queries/contract-queries.ts";
export type { Named, Page, PageRequest } from "./queries/sorted-names.ts";
export {
  createMemoryStore,
  type LedgerBatch,
  type LedgerStore,
  type StoredHead,
} from "./application/store.ts";

// Judge
export type { Judged, Judgement, JudgePayload, JudgePort } from "./programs/judge-port.ts";

// Collections
export { createHeap, type Heap } from "./collections/heap.ts";

// Errors
export { LedgerError, type LedgerFault } from "./errors.ts";
