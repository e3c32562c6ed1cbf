/**
 * Byzantine-fault-tolerant consensus as one pure function, and the replica that drives it.
 *
 * No two honest replicas ever finalize different blocks at one sequence while less than a third of
 * the voting power is faulty, whatever the network does.
 *
 * @packageDocumentation
 */

// Replica
export { createReplica } from "./replica/create-replica.ts";
export { type Replica } from "./interface/replica.ts";
export { type ReplicaOptions } from "./interface/replica-options.ts";
export { type ReplicaStatus, type StorageTrouble } from "./interface/replica-status.ts";
export type { ReplicaEvent } from "./interface/replica-event.ts";

// Ports
export type {
  Application,
  ApplicationHead,
  ApplicationVerdict,
  ChunkVerdict,
  ClaimRequest,
  Clock,
  PathRange,
  PeerName,
  ProposeRequest,
  SigningLog,
  SnapshotSink,
  SnapshotSource,
  Transport,
  TransportHandlers,
  VerifyRequest,
} from "./ports.ts";

// Requests of peers
export { answerCost, answerCostMax } from "./peers/answer-cost.ts";
export { findRequestDefect } from "./peers/request-defect.ts";

// Applications of one's own
export {
  type ApplicationOptions,
  createApplication,
  type ReplicatedApplication,
} from "./application/create-application.ts";
export type { StateMachine } from "./application/state-machine.ts";
export type { StateCoding } from "./application/open-chain.ts";
export type { PendingBounds, Submission } from "./application/pending-items.ts";
export {
  type ChainStore,
  createMemoryChainStore,
  StoredBlock,
  type StoredState,
} from "./application/chain-store.ts";
export { advanceHead, createGenesisHead, createPlainBlock } from "./plain-chain.ts";

// Engine
export { type Config, createConfig, type PacingParameters } from "./config.ts";
export type { DiscardReason, Effect, EngineEvent, ViewChangeCause } from "./effect.ts";
export type { Input, Occurrence, TimerName } from "./input.ts";
export { recover } from "./recover.ts";
export { createState, type State } from "./state.ts";
export { type Statement, sequenceOf, signerOf, signStatement, viewOf } from "./statement.ts";
export { step, type Transition } from "./step.ts";

// Schedule
export { leaderOf } from "@aethel/models";
export {
  leaderAt,
  leadershipAfter,
  leadershipHashAfter,
} from "./schedule/leader-at.ts";
export { EMPTY_LEADERSHIP, hashLeadership, LeadershipRecord } from "./schedule/record.ts";
export { viewTimeoutMs } from "./timing/timing.ts";

// Signatures
export {
  type AuthenticationContext,
  type AuthenticationDefect,
  authenticate,
  findBlockDefect,
  findFinalizedDefect,
} from "./authenticate.ts";
export { createRememberingVerify, type RememberingVerify } from "./inbox/remembering-verify.ts";
export { isJustified } from "./view-change/justified.ts";

// Listening
export type { Hearing } from "./hearing/hearing.ts";
export type { ListeningCause } from "./books/listening.ts";
export type { Quiet } from "./hearing/quiet.ts";
export type { QuietReason } from "./effect.ts";
export { signFrom } from "./listening/sign-from.ts";

// Joining
export type { Checkpoint, JoiningOptions } from "./joining/checkpoint.ts";
export type { JoiningNews, JoiningStop } from "./joining/joining.ts";

// Sync by snapshot
export { createSnapshotSync, type SnapshotSync } from "./sync/create-snapshot-sync.ts";
export type {
  AttemptFailed,
  SnapshotSyncEvent,
  SyncProgress,
  WayChosen,
} from "./sync/sync-event.ts";
export {
  DEFAULT_SYNC_LIMITS,
  type SnapshotSyncLimits,
  type SnapshotSyncOptions,
  type SnapshotSyncResult,
  type SnapshotSyncStop,
} from "./sync/sync-options.ts";

// Evidence
export { offenceKey } from "./evidence/offence.ts";

// Signing state
export { decodeSigningLog, SigningEntry, SigningRecord } from "./record.ts";

// Errors
export { type CheckpointProblem, isStorageFailure, PbftError, type PbftFault } from "./errors.ts";
