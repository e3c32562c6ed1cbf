import { findPlanProblems } from "../byzantine/timing/timing-plan.ts";
import { findSlowBlocksProblems } from "./slow-blocks.ts";
import type { WorldOptions } from "./world-options.ts";

/**
 * Returns every problem of the options, in words; none if they are sound. Problems of the network
 * configuration are found elsewhere.
 */
export function findWorldProblems(options: WorldOptions): readonly string[] {
  const {
    nodeCount,
    byzantineCount = 0,
    keyChanges = [],
    escaping = [],
    poolless = [],
    twins = [],
  } = options;
  return [
    ...(isCount(nodeCount) ? [] : [`nodeCount: ${nodeCount} is not a whole number from 1`]),
    ...(byzantineCount <= nodeCount
      ? []
      : [`byzantineCount: ${byzantineCount} is more than the ${nodeCount} nodes`]),
    ...findPowerProblems(options),
    ...strangers(
      "keyChanges",
      keyChanges.map(({ node }) => node),
      nodeCount,
    ),
    ...strangers("escaping", escaping, nodeCount),
    ...strangers("poolless", poolless, nodeCount),
    ...strangers("twins", twins, nodeCount),
    ...(new Set(twins).size === twins.length ? [] : ["twins: a node is there twice"]),
    ...findPlanProblems(options.timing ?? {}),
    ...findSlowBlocksProblems(options.slowBlocks),
  ];
}

function findPowerProblems(options: WorldOptions): readonly string[] {
  const { nodeCount, powers, rotation = [] } = options;
  const zeros = rotation.filter((set) => set.every((power) => power === 0));
  return [
    ...(powers !== undefined && powers.length !== nodeCount
      ? [`powers: ${powers.length} for ${nodeCount} nodes; give one for each`]
      : []),
    ...(powers ?? [])
      .filter((power) => !isCount(power))
      .map((power) => `powers: ${power} is not a whole number from 1`),
    ...rotation
      .filter((set) => set.length !== nodeCount)
      .map(
        (set) =>
          `rotation: a set has ${set.length} powers for ${nodeCount} nodes; give one for each`,
      ),
    ...(zeros.length === 0 ? [] : ["rotation: a set has no power; give a node one above 0"]),
  ];
}

function strangers(option: string, nodes: readonly number[], nodeCount: number): readonly string[] {
  return nodes
    .filter((node) => !(Number.isInteger(node) && node >= 0 && node < nodeCount))
    .map((node) => `${option}: there is no node ${node}; there are 0 to ${nodeCount - 1}`);
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
