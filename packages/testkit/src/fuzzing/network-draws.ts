import type { Random } from "../random.ts";
import type { AmbushConfig } from "../virtual-network/ambush.ts";
import type { NetworkConfig } from "../virtual-network/network-config.ts";
import { REGIONS } from "../virtual-network/regions.ts";

/**
 * Draws an ambush, an attack of the network on the protocol. Whether its plan is `hidden-votes` is
 * drawn from the stream `more`, so that the draws from `random` do not depend on it.
 */
export function drawAmbush(random: Random, more: Random): AmbushConfig {
  const drawn = random.pick(["hidden-commit", "two-locks"] as const);
  const plan = more.chance(0.25) ? "hidden-votes" : drawn;
  return { rate: random.pick([0.3, 1]), holdMs: random.pick([2_000, 6_000]), plan };
}

/** Draws a network without partitions. A calm one has no loss, repetition or extra delay. */
export function drawNetwork(
  random: Random,
  world: { readonly nodeCount: number; readonly calm: boolean },
): Omit<NetworkConfig, "byzantineIds"> {
  const rate = (rates: readonly number[]): number => (world.calm ? 0 : random.pick(rates));
  const wide = random.chance(0.2);
  return {
    latencyMs: random.pick([1, 20, 100]),
    jitterMs: random.pick([0, 10, 150]),
    lossRate: rate([0, 0.02, 0.1, 0.3]),
    duplicateRate: rate([0, 0.05, 0.3]),
    reorderRate: rate([0, 0.05, 0.3]),
    clockDriftMs: random.pick([0, 100, 500]),
    clockRate: random.pick([0, 0, 0.0001, 0.001]),
    regions: wide ? Array.from({ length: world.nodeCount }, () => random.pick(REGIONS)) : [],
    bandwidth: random.chance(0.1) ? random.pick([200, 1_000]) : 0,
    partitions: [],
  };
}
