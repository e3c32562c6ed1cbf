import path from "node:path";
import type { Genesis } from "@aethel/models";
import {
  createDataDirectory,
  createKeyFile,
  equalStakes,
  LOCALNET_COST,
  LOCALNET_PASSWORD,
  layoutOf,
  newChainParameters,
  type Pace,
  prepareNetwork,
  readGenesis,
} from "./node-app.ts";

/** Chain of a lab: its genesis, and the data directories of its validators. */
export interface FoundedChain {
  readonly genesis: Genesis;
  readonly validators: readonly string[];
  /** Makes the data directory of an observer that has only the genesis. Returns its path. */
  addObserver(name: string): Promise<string>;
}

/** Parameters that set the pace of a chain, all in milliseconds. */
const TIMES = [
  "minBlockIntervalMs",
  "heartbeatIntervalMs",
  "clockPrecisionMs",
  "maxDriftMs",
  "viewTimeoutMs",
  "viewTimeoutMaxMs",
  "judgingBoundMs",
  "disseminationBoundMs",
  "networkDelayMs",
  "epochMs",
] as const;

/** Founds a chain whose validators have equal stakes. Its keys have the least cost. */
export async function foundChain(options: {
  readonly directory: string;
  readonly validators: number;
  readonly pace: Pace;
}): Promise<FoundedChain> {
  const { directory, pace } = options;
  const parameters = newChainParameters(pace);
  const settings = TIMES.map((name) => `${name}="${parameters[name]} ms"`);
  const stakes = equalStakes(options.validators);
  const validators = await prepareNetwork({ directory, stakes, nowMs: Date.now(), settings });
  const genesis = await readGenesis(layoutOf(validators[0] ?? directory).genesis);
  return {
    genesis,
    validators,
    async addObserver(name) {
      const folder = path.join(directory, name);
      const layout = layoutOf(folder);
      const shared = { password: LOCALNET_PASSWORD, log2N: LOCALNET_COST };
      await createKeyFile({ file: layout.networkKey, purpose: "network", ...shared });
      await createKeyFile({ file: layout.consensusKey, purpose: "consensus", ...shared });
      await createDataDirectory({ directory: folder, genesis, config: { role: "observer" } });
      return folder;
    },
  };
}
