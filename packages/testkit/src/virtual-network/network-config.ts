import { TestkitError } from "../errors.ts";
import { isRegion, type Region } from "./regions.ts";

/** A time during which nodes of different groups cannot reach each other. */
export interface PartitionWindow {
  /** Begin of the window, in virtual milliseconds since the start. */
  readonly fromMs: number;
  /** End of the window (exclusive), in virtual milliseconds since the start; at least `fromMs`. */
  readonly toMs: number;
  /** Indices of the nodes of each group. Nodes in no group form one more group together. */
  readonly groups: readonly (readonly number[])[];
  /**
   * Cuts one direction only: nobody hears the first group, but it still hears the others. Default:
   * both directions.
   */
  readonly oneWay?: true;
}

/**
 * Behaviour of a virtual network. Loss, duplication and reordering rates are probabilities, drawn
 * for each message and receiver.
 */
export interface NetworkConfig {
  /** Least one-way delay in milliseconds. */
  readonly latencyMs: number;
  /**
   * Additional delay in milliseconds, uniform in `0 .. jitterMs`. If it is larger than the gap
   * between two messages, the second may arrive first.
   */
  readonly jitterMs: number;
  readonly lossRate: number;
  readonly duplicateRate: number;
  /** Probability that a message is delayed further, by up to ten times the usual delay. */
  readonly reorderRate: number;
  /** Greatest number of milliseconds by which each node's clock is ahead or behind at first. */
  readonly clockDriftMs: number;
  /**
   * Greatest rate at which each node's clock runs too fast or too slow, as a fraction of the
   * passing time.
   */
  readonly clockRate: number;
  /**
   * Region of each node. Delays between regions come on top of `latencyMs`. Empty: all nodes are in
   * one place.
   */
  readonly regions: readonly Region[];
  /** Bytes per millisecond that a node can send, one message after another. 0: no limit. */
  readonly bandwidth: number;
  readonly partitions: readonly PartitionWindow[];
  /** Indices of the nodes that follow a strategy instead of the protocol. */
  readonly byzantineIds: readonly number[];
}

/** Local network: delays of 20 to 30 ms, and no faults. */
export const CALM_NETWORK: NetworkConfig = {
  latencyMs: 20,
  jitterMs: 10,
  lossRate: 0,
  duplicateRate: 0,
  reorderRate: 0,
  clockDriftMs: 0,
  clockRate: 0,
  regions: [],
  bandwidth: 0,
  partitions: [],
  byzantineIds: [],
};

/** Returns every problem of a configuration for `nodeCount` nodes; none if it is sound. */
export function findNetworkProblems(config: NetworkConfig, nodeCount: number): readonly string[] {
  const delays = ["latencyMs", "jitterMs", "clockDriftMs", "bandwidth"] as const;
  const rates = ["lossRate", "duplicateRate", "reorderRate", "clockRate"] as const;
  const outside = (id: number): boolean => !Number.isInteger(id) || id < 0 || id >= nodeCount;
  const problems = [
    ...delays
      .filter((name) => !(Number.isInteger(config[name]) && config[name] >= 0))
      .map((name) => `${name}: ${config[name]} is not a whole number from 0`),
    ...rates
      .filter((name) => !(config[name] >= 0 && config[name] <= 1))
      .map((name) => `${name}: ${config[name]} is not in 0 .. 1`),
  ];
  if (config.byzantineIds.some(outside))
    problems.push(`byzantineIds: not all in 0 .. ${nodeCount - 1}`);
  if (new Set(config.byzantineIds).size !== config.byzantineIds.length) {
    problems.push("byzantineIds: one is there twice");
  }
  const { regions } = config;
  if (regions.length > 0 && regions.length !== nodeCount) {
    problems.push(`regions: ${regions.length} for ${nodeCount} nodes; give one for each, or none`);
  }
  const unknown = regions.filter((name) => !isRegion(name));
  if (unknown.length > 0) problems.push(`regions: there is no ${unknown.join(", ")}`);
  config.partitions.forEach(({ fromMs, toMs, groups }, at) => {
    const named = groups.flat();
    if (!(fromMs >= 0 && toMs >= fromMs)) {
      problems.push(`partitions[${at}]: ${fromMs} .. ${toMs} is not a span of time`);
    }
    if (named.some(outside))
      problems.push(`partitions[${at}]: not all nodes in 0 .. ${nodeCount - 1}`);
    if (new Set(named).size !== named.length) {
      problems.push(`partitions[${at}]: one node is in two groups`);
    }
  });
  return problems;
}

/**
 * Returns a configuration that is sound for `nodeCount` nodes.
 * @throws TestkitError `CONFIG` with every problem at once
 */
export function checkNetworkConfig(config: NetworkConfig, nodeCount: number): NetworkConfig {
  const problems = findNetworkProblems(config, nodeCount);
  if (problems.length > 0) throw new TestkitError({ code: "CONFIG", problems });
  return config;
}

/** Returns whether a partition stops messages from `from` to `to` at a virtual time. */
export function isSeparated(
  partitions: readonly PartitionWindow[],
  pair: { readonly from: number; readonly to: number },
  atMs: number,
): boolean {
  return partitions.some(({ fromMs, toMs, groups, oneWay }) => {
    if (atMs < fromMs || atMs >= toMs) return false;
    if (oneWay === true && groups[0]?.includes(pair.from) !== true) return false;
    const groupOf = (id: number): number => groups.findIndex((group) => group.includes(id));
    return groupOf(pair.from) !== groupOf(pair.to);
  });
}
