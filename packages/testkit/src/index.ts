/**
 * Worlds to test Aethel in: values of every wire type, and a virtual network, clock and disk.
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
} from "./test-chain.ts";
export { createTestGenesis, TEST_PARAMETERS, VIRTUAL_EPOCH_MS } from "./test-genesis.ts";

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
export {
  CALM_NETWORK,
  checkNetworkConfig,
  findNetworkProblems,
  type NetworkConfig,
  type PartitionWindow,
} from "./world/network-config.ts";

// Errors
export { TestkitError, type TestkitFault } from "./errors.ts";
