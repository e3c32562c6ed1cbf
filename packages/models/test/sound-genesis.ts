import {
  type ChainParameters,
  createSigner,
  type Genesis,
  sha256,
  toAccountId,
  toAmount,
  toDifficulty,
  toResource,
  toSequence,
  toTimestamp,
} from "../src/index.ts";

export const founder = createSigner(new Uint8Array(32).fill(1)).publicKey;

/** Parameters in which no rule finds a fault. */
export const parameters: ChainParameters = {
  minBlockIntervalMs: 250,
  heartbeatIntervalMs: 0,
  clockPrecisionMs: 500,
  maxDriftMs: 5_000,
  viewTimeoutMs: 2_000,
  viewTimeoutMaxMs: 60_000,
  judgingBoundMs: 10_000,
  disseminationBoundMs: 2_000,
  networkDelayMs: 500,
  checkpointInterval: toSequence(16),
  epochMs: 64_000,
  blockBytesMax: 4_000_000,
  blockResourceMax: toResource(100_000_000),
  proofResourceMax: toResource(20_000_000),
  baseReward: toAmount(1_000_000n),
  emissionPerSecond: toAmount(10_000_000n),
  halvingMs: 1_000_000_000,
  emissionTotal: toAmount(1_000_000_000_000n),
  proposerBonusBasisPoints: 500,
  resourcePrice: toAmount(10n),
  judgingUnits: toResource(10_000),
  bytePrice: toAmount(1n),
  burnBasisPoints: 5_000,
  slashDoubleSignBasisPoints: 2_000,
  slashVerificationBasisPoints: 500,
  minimumStake: toAmount(1_000n),
  unbondingMs: 1_000_000,
  absenceMs: 640_000,
  invokeDifficulty: toDifficulty(1_000),
  solverTheoremsMint: false,
  judge: { version: 1, wasmHash: sha256(new Uint8Array()), kernelVersion: 1, proverVersion: 1 },
};

/** A genesis of one validator in which no rule finds a fault. */
export const genesis: Genesis = {
  name: new TextEncoder().encode("test"),
  timestamp: toTimestamp(0),
  parameters,
  validators: [{ id: toAccountId(founder), key: founder, stake: toAmount(5_000n) }],
  accounts: [],
  assets: [],
  intents: [],
  faucet: undefined,
};
