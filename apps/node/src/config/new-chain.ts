import { systemIntents } from "@aethel/ledger";
import {
  type AccountId,
  type ChainParameters,
  type Genesis,
  type GenesisAccount,
  type GenesisValidator,
  toAmount,
  toResource,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import { DEFAULT_ECONOMICS } from "@aethel/rewards";
import { judgeIdentity, RESOURCE_LIMIT_MAX, standardIntents } from "@aethel/verifier";

/** Micro-tokens in a token. */
export const TOKEN = 1_000_000n;

/**
 * Timing of a new chain. `network`: validators on machines of their own. `local`: all validators on
 * one machine, for a demonstration.
 */
export type Pace = "network" | "local";

type Timing = Pick<
  ChainParameters,
  | "minBlockIntervalMs"
  | "heartbeatIntervalMs"
  | "clockPrecisionMs"
  | "maxDriftMs"
  | "viewTimeoutMs"
  | "viewTimeoutMaxMs"
  | "judgingBoundMs"
  | "disseminationBoundMs"
  | "networkDelayMs"
  | "epochMs"
>;

const TIMINGS: Readonly<Record<Pace, Timing>> = {
  network: {
    minBlockIntervalMs: 1_000,
    // An idle chain has a block each minute: checkpoints, clocks and listening need a recent head.
    heartbeatIntervalMs: 60_000,
    clockPrecisionMs: 500,
    maxDriftMs: 5_000,
    viewTimeoutMs: 5_000,
    viewTimeoutMaxMs: 60_000,
    judgingBoundMs: 20_000,
    disseminationBoundMs: 5_000,
    networkDelayMs: 1_000,
    epochMs: 60_000,
  },
  local: {
    minBlockIntervalMs: 250,
    heartbeatIntervalMs: 30_000,
    clockPrecisionMs: 125,
    maxDriftMs: 5_000,
    viewTimeoutMs: 2_000,
    viewTimeoutMaxMs: 45_000,
    // Generous: four solvers may share two cores with everything else.
    judgingBoundMs: 20_000,
    disseminationBoundMs: 1_000,
    networkDelayMs: 100,
    epochMs: 15_000,
  },
};

/** Returns the parameters of a new chain: default economics, and the Judge of this installation. */
export function newChainParameters(pace: Pace): ChainParameters {
  return {
    ...TIMINGS[pace],
    ...DEFAULT_ECONOMICS,
    checkpointInterval: toSequence(100),
    blockBytesMax: 4_194_304,
    blockResourceMax: toResource(8 * RESOURCE_LIMIT_MAX),
    blockUnitsMax: toResource(6_000_000),
    stateGrowthMax: 4_194_304,
    proofResourceMax: toResource(RESOURCE_LIMIT_MAX),
    judge: judgeIdentity(),
  };
}

/** Builds the genesis of a new chain, with the standard intents and those for staking. */
export function newGenesis(options: {
  readonly name: string;
  readonly pace: Pace;
  readonly timestampMs: number;
  readonly validators: readonly GenesisValidator[];
  readonly accounts: readonly GenesisAccount[];
  readonly faucet?: AccountId;
}): Genesis {
  return {
    name: new TextEncoder().encode(options.name),
    timestamp: toTimestamp(options.timestampMs),
    parameters: newChainParameters(options.pace),
    validators: options.validators,
    accounts: options.accounts,
    assets: [],
    intents: [...standardIntents(), ...systemIntents()].map(({ source }) => ({
      source: new TextEncoder().encode(source),
    })),
    faucet: options.faucet,
  };
}

/** Converts whole tokens to an amount. */
export function tokens(count: number): ReturnType<typeof toAmount> {
  return toAmount(BigInt(count) * TOKEN);
}
