import fc from "fast-check";
import type { NetworkConfig, PartitionWindow } from "../virtual-network/network-config.ts";
import { REGIONS } from "../virtual-network/regions.ts";

/**
 * Network configurations for `nodeCount` nodes that `checkNetworkConfig` accepts: up to a fifth of
 * the messages lost, up to two partitions, and at most `byzantineMax` Byzantine nodes. Default of
 * `byzantineMax`: the most that are less than a third of the nodes.
 */
export function networkConfigs(
  options: {
    readonly nodeCount?: number;
    readonly byzantineMax?: number;
    /** Virtual time, in milliseconds, at which all partitions have ended. Default: 20,000. */
    readonly horizonMs?: number;
  } = {},
): fc.Arbitrary<NetworkConfig> {
  const { nodeCount = 4, horizonMs = 20_000 } = options;
  const { byzantineMax = Math.floor((nodeCount - 1) / 3) } = options;
  const nodes = Array.from({ length: nodeCount }, (_, at) => at);
  return fc.record({
    latencyMs: fc.integer({ min: 1, max: 200 }),
    jitterMs: fc.nat({ max: 200 }),
    lossRate: rate(0.2),
    duplicateRate: rate(0.2),
    reorderRate: rate(0.1),
    clockDriftMs: fc.nat({ max: 200 }),
    clockRate: rate(0.001),
    regions: fc.oneof(
      fc.constant([]),
      fc.array(fc.constantFrom(...REGIONS), { minLength: nodeCount, maxLength: nodeCount }),
    ),
    bandwidth: fc.constantFrom(0, 0, 200, 1_000),
    partitions: fc.array(partitions(nodes, horizonMs), { maxLength: 2 }),
    byzantineIds: fc.subarray(nodes, { maxLength: byzantineMax }),
  });
}

/** Rates up to `max` that are multiples of 0.001, so that they print and replay exactly. */
function rate(max: number): fc.Arbitrary<number> {
  const thousandths = fc.oneof(fc.constant(0), fc.nat({ max: max * 1_000 }));
  return thousandths.map((count) => count / 1_000);
}

function partitions(nodes: readonly number[], horizonMs: number): fc.Arbitrary<PartitionWindow> {
  return fc
    .record({
      times: fc.tuple(fc.nat({ max: horizonMs }), fc.nat({ max: horizonMs })),
      group: fc.subarray([...nodes]),
      other: fc.subarray([...nodes]),
    })
    .map(({ times, group, other }) => ({
      fromMs: Math.min(...times),
      toMs: Math.max(...times),
      groups: [group, other.filter((id) => !group.includes(id))],
    }));
}
