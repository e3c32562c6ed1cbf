/**
 * Tools to test Aethel: arbitraries for every wire type, and virtual networks, clocks and disks.
 *
 * @packageDocumentation
 */

// Values
export {
  createTestChain,
  TEST_CHAIN,
  type TestChain,
  type TestKey,
  testKey,
} from "./fixtures/test-chain.ts";
export { createTestGenesis, TEST_PARAMETERS, VIRTUAL_EPOCH_MS } from "./fixtures/test-genesis.ts";

// Arbitraries
export { type ChainOptions, proofs } from "./arbitraries/proofs.ts";
export { verificationResults } from "./arbitraries/verification-results.ts";
export {
  type BlockOptions,
  finalizedBlocks,
  type JudgedBlock,
  judgedBlocks,
  proofBlocks,
} from "./arbitraries/proof-blocks.ts";
export { stateTransitions } from "./arbitraries/state-transitions.ts";
export { testChains, validatorSets } from "./arbitraries/validator-sets.ts";
export { certificates, certify, quorums, signVote, votes } from "./arbitraries/votes.ts";
export { newViews, signViewChange, viewChanges } from "./arbitraries/view-changes.ts";
export { consensusMessages, prePrepares } from "./arbitraries/consensus-messages.ts";
export { evidences } from "./arbitraries/evidence.ts";
export { genesisFiles } from "./arbitraries/genesis-files.ts";
export { type PeerInfo, peerInfos } from "./arbitraries/peer-infos.ts";
export { networkConfigs } from "./arbitraries/network-configs.ts";

// Worlds
export { REGIONS, type Region } from "./virtual-network/regions.ts";
export {
  CALM_NETWORK,
  checkNetworkConfig,
  findNetworkProblems,
  type NetworkConfig,
  type PartitionWindow,
} from "./virtual-network/network-config.ts";

export { createRandom, type Random } from "./random.ts";
export { createScheduler, type Scheduler } from "./virtual-time/scheduler.ts";
export { createProcess, type VirtualProcess } from "./virtual-time/process.ts";
export { createVirtualClock } from "./virtual-time/virtual-clock.ts";
export {
  createVirtualDisk,
  type DiskFault,
  type VirtualDisk,
} from "./virtual-disk/virtual-disk.ts";
export {
  createVirtualNetwork,
  type NetworkEvent,
  type VirtualNetwork,
} from "./virtual-network/virtual-network.ts";
export type { AmbushConfig } from "./virtual-network/ambush.ts";
export type { EventLog } from "./trace/event-log.ts";

// Networks
export { createTestNetwork } from "./test-network/create-test-network.ts";
export type { TestNetwork, TestNetworkOptions } from "./test-network/test-network.ts";
export type { TestNode } from "./node/test-node.ts";
export type { WorldReport } from "./trace/measures.ts";
export { type PowerCuts, replayCommand, type WorldOptions } from "./scenario/world-options.ts";
export type { WorldAction } from "./scenario/world-action.ts";
export type {
  ApplicationKind,
  ChainApplication,
  OpenApplication,
} from "./applications/application-kind.ts";
export { counter } from "./applications/counter/counter-application.ts";
export { type StateMachineKind, stateMachineKind } from "./applications/state-machine-kind.ts";
export { contracts, ledger, ledgerWith } from "./applications/ledger/ledger-application.ts";
export { createTableJudge, payloadKey, type TableRow } from "./applications/ledger/table-judge.ts";

export { type Shrunk, shrinkWorld, type Violation, violationOf } from "./fuzzing/shrink.ts";
export { drawWorld, type RandomWorldOptions, runWorld } from "./fuzzing/random-world.ts";
export type { SlowBlocks } from "./scenario/slow-blocks.ts";
export { drawFloorWorld, findFloorDefect } from "./throughput/floor-world.ts";

export {
  runTinyWorld,
  type TinyWorldOptions,
  type TinyWorldReport,
} from "./tiny-bounds/tiny-world.ts";

// Exploration
export { type EngineExplored, exploreEngine } from "./explore/explore.ts";
export type { SmallScope } from "./explore/engine-state.ts";
export type { ExploredEngine } from "./explore/reaction.ts";
export { type Explored, exploreModel } from "./model/model-search.ts";
export { exploreModelByTurns } from "./model/model-by-turns.ts";
export type { Model } from "./model/model.ts";
export type { ModelConfig } from "./model/model-state.ts";
export { type NamedScope, SMALL_SCOPES, schedulesOf, toModels } from "./explore/scopes.ts";

// Byzantine
export { STRATEGIES } from "./byzantine/catalogue.ts";
export type {
  Behaviour,
  Conspiracy,
  Dispatch,
  Strategy,
  StrategyContext,
} from "./byzantine/behaviour/strategy.ts";

export { NAMED_PLANS } from "./byzantine/timing/named-plans.ts";
export type {
  AnswerRule,
  Flood,
  Recipients,
  SendRule,
  TimingPlan,
} from "./byzantine/timing/timing-plan.ts";

// Checkers
export type { Checker, Observation } from "./checkers/checker.ts";

// Throughput
export {
  findThroughputDefect,
  findTurnDefect,
  median,
  type Throughput,
  THROUGHPUT_FLOOR,
  type ThroughputPair,
  throughputRatio,
  turnsLostPerFaultyTurn,
} from "./throughput/throughput.ts";
export {
  crashedTwin,
  findThroughputLoss,
  isNear,
  type MeasuredSpan,
  measureCrashed,
  measureThroughput,
  TRIAL_SPAN,
  untroubledTwin,
} from "./throughput/throughput-trial.ts";
export {
  type Attack,
  type AttackSearch,
  searchWorstAttack,
  type TriedAttack,
} from "./throughput/worst-timing.ts";

export { convict, convictedOf, type HonestLogs } from "./forensics.ts";

// Compliance
export type { ComplianceCase } from "./compliance/check.ts";
export { signingLogCompliance } from "./compliance/signing-log.ts";
export type { SigningLogMedium } from "./compliance/signing-log-bench.ts";
export {
  type NamedTransport,
  transportCompliance,
  type TransportTrio,
} from "./compliance/transport.ts";

// Errors
export { TestkitError, type TestkitFault } from "./errors.ts";
