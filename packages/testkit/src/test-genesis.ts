import {
  type ChainParameters,
  type Genesis,
  type GenesisAccount,
  type GenesisAsset,
  type GenesisValidator,
  toDigest,
  toResource,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import { DEFAULT_ECONOMICS } from "@aethel/rewards";

/** When virtual time begins: 2026-01-01, the timestamp of the test genesis. */
export const VIRTUAL_EPOCH_MS = 1_767_225_600_000;

/**
 * Parameters of virtual chains: sound, with time-outs of a local network and short epochs, so that
 * a virtual minute sees set changes and view changes.
 */
export const TEST_PARAMETERS: ChainParameters = {
  ...DEFAULT_ECONOMICS,
  minBlockIntervalMs: 250,
  heartbeatIntervalMs: 0,
  clockPrecisionMs: 120,
  maxDriftMs: 2_000,
  viewTimeoutMs: 1_500,
  viewTimeoutMaxMs: 12_000,
  judgingBoundMs: 1_000,
  disseminationBoundMs: 1_000,
  networkDelayMs: 500,
  checkpointInterval: toSequence(10),
  epochMs: 2_000,
  blockBytesMax: 4_194_304,
  blockResourceMax: toResource(40_000_000),
  blockUnitsMax: toResource(6_000_000),
  stateGrowthMax: 4_194_304,
  proofResourceMax: toResource(20_000_000),
  unbondingMs: 16_000,
  judge: {
    version: 1,
    wasmHash: toDigest(new Uint8Array(32)),
    kernelVersion: 1,
    proverVersion: 1,
  },
};

/** A genesis for tests: `TEST_PARAMETERS` unless others are given. */
export function createTestGenesis(options: {
  readonly name?: string;
  readonly validators: readonly GenesisValidator[];
  readonly accounts?: readonly GenesisAccount[];
  readonly assets?: readonly GenesisAsset[];
  /** Source texts of the intents that are there from the start. */
  readonly intents?: readonly string[];
  readonly parameters?: Partial<ChainParameters>;
}): Genesis {
  const {
    name = "testkit",
    validators,
    accounts = [],
    assets = [],
    intents = [],
    parameters = {},
  } = options;
  const encoder = new TextEncoder();
  return {
    name: encoder.encode(name),
    timestamp: toTimestamp(VIRTUAL_EPOCH_MS),
    parameters: { ...TEST_PARAMETERS, ...parameters },
    validators,
    accounts,
    assets,
    intents: intents.map((source) => ({ source: encoder.encode(source) })),
    faucet: undefined,
  };
}
