import type { TimingPlan } from "../byzantine/timing/timing-plan.ts";
import { TestkitError } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { AmbushConfig } from "../virtual-network/ambush.ts";
import {
  CALM_NETWORK,
  checkNetworkConfig,
  type NetworkConfig,
} from "../virtual-network/network-config.ts";
import type { SlowBlocks } from "./slow-blocks.ts";
import type { PowerCuts, WorldOptions } from "./world-options.ts";
import { findWorldProblems } from "./world-problems.ts";

/** Options of a world with all defaults filled in. */
export type ResolvedWorld = Required<
  Omit<
    WorldOptions,
    | "strategies"
    | "timing"
    | "network"
    | "ambush"
    | "powerCuts"
    | "slowBlocks"
    | "faultsMs"
    | "epochBlocks"
  >
> & {
  readonly ambush: AmbushConfig | undefined;
  readonly powerCuts: PowerCuts | undefined;
  readonly slowBlocks: SlowBlocks | undefined;
  readonly epochBlocks: number | undefined;
  readonly strategies: readonly string[] | undefined;
  readonly timing: TimingPlan | undefined;
  readonly network: NetworkConfig;
};

/**
 * Fills in the defaults of a world's options.
 * @throws TestkitError `CONFIG` with every problem at once
 */
export function resolveWorld(options: WorldOptions): ResolvedWorld {
  const { nodeCount, seed = 1, byzantineCount = 0, powers, rotation = [], twins = [] } = options;
  const nodes = Array.from({ length: Math.max(0, nodeCount) }, (_, at) => at);
  const drawn = createRandom(seed).fork("byzantine").shuffle(nodes).slice(0, byzantineCount);
  const chosen = options.network?.byzantineIds ?? drawn;
  const byzantineIds = [...new Set([...chosen, ...twins])].toSorted((a, b) => a - b);
  const problems = findWorldProblems(options);
  if (problems.length > 0) throw new TestkitError({ code: "CONFIG", problems });
  const network = { ...CALM_NETWORK, ...options.network, byzantineIds };
  return {
    nodeCount,
    seed,
    byzantineCount: byzantineIds.length,
    network: checkNetworkConfig(network, nodeCount),
    rotation,
    keyChanges: options.keyChanges ?? [],
    epochBlocks: options.epochBlocks,
    twins,
    escaping: options.escaping ?? [],
    poolless: options.poolless ?? [],
    application: options.application ?? "ledger",
    strategies: options.strategies ?? (options.timing === undefined ? undefined : []),
    timing: options.timing,
    requestTimeoutMs: options.requestTimeoutMs ?? 2_000,
    powers: powers ?? nodes.map(() => 1),
    workEveryMs: options.workEveryMs ?? 0,
    judgingMs: options.judgingMs ?? 5,
    syncMs: options.syncMs ?? 1,
    ambush: options.ambush,
    powerCuts: options.powerCuts,
    slowBlocks: options.slowBlocks,
    startsInMs: options.startsInMs ?? 0,
    parameters: options.parameters ?? {},
    actions: options.actions ?? [],
  };
}
