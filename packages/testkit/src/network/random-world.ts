import type { Random } from "../world/random.ts";
import { createRandom } from "../world/random.ts";
import { createTestNetwork } from "./create-test-network.ts";
import type { WorldReport } from "./measures.ts";
import type { TestNetworkOptions } from "./test-network.ts";
import type { WorldAction, WorldOptions } from "./world-options.ts";

/** What random worlds may be like. */
export interface RandomWorldOptions {
  readonly seed: number;
  /** Default `counter`: consensus is what is being tested, and it is many times lighter. */
  readonly application?: string;
  readonly nodesMax?: number;
  /** The faults happen within this time. */
  readonly faultsMs?: number;
}

/**
 * Draws a world: 1 to `nodesMax` nodes with equal or unequal stakes, Byzantine ones with less than
 * a third of the power, a bad or hostile network, crashes, pauses, partitions, slow Judges and disks.
 */
export function drawWorld(options: RandomWorldOptions): WorldOptions {
  const { seed, application = "counter", nodesMax = 7, faultsMs = 15_000 } = options;
  const random = createRandom(seed).fork("world");
  const nodeCount = random.chance(0.1) ? 1 + random.below(3) : 4 + random.below(nodesMax - 3);
  const powers = drawPowers(random, nodeCount);
  const calm = random.chance(0.2);
  return {
    seed,
    nodeCount,
    application,
    powers,
    workEveryMs: random.pick([200, 500, 2_000]),
    judgingMs: random.pick([0, 5, 100]),
    syncMs: random.pick([0, 1, 20, 200]),
    ...(random.chance(0.3) ? { ambush: { rate: 0.3, holdMs: random.pick([2_000, 6_000]) } } : {}),
    ...(random.chance(0.3)
      ? { powerCuts: { rate: 0.03, downMs: random.pick([1, 50]), most: 6 } }
      : {}),
    network: {
      latencyMs: random.pick([1, 20, 100]),
      jitterMs: random.pick([0, 10, 150]),
      lossRate: calm ? 0 : random.pick([0, 0.02, 0.1, 0.3]),
      duplicateRate: calm ? 0 : random.pick([0, 0.05, 0.3]),
      reorderRate: calm ? 0 : random.pick([0, 0.05, 0.3]),
      clockDriftMs: random.pick([0, 100, 500]),
      partitions: [],
      byzantineIds: drawByzantine(random, powers),
    },
    actions: calm ? [] : drawActions(random, { nodeCount, faultsMs }),
  };
}

/** Runs a world for the time of its faults, then demands progress. @throws TestkitError `VIOLATION`. */
export async function runWorld(
  options: TestNetworkOptions,
  { faultsMs = 15_000, blocks = 2 }: { readonly faultsMs?: number; readonly blocks?: number } = {},
): Promise<WorldReport & { readonly progressMs: number }> {
  await using network = await createTestNetwork(options);
  await network.run(faultsMs);
  const progressMs = await network.expectProgress({ blocks });
  return { ...network.report(), progressMs };
}

function drawPowers(random: Random, nodeCount: number): readonly number[] {
  const equal = random.chance(0.6);
  return Array.from({ length: nodeCount }, () => (equal ? 1 : 1 + random.below(4)));
}

/** As many as fit under a third of the power, or fewer. */
function drawByzantine(random: Random, powers: readonly number[]): readonly number[] {
  const total = powers.reduce((sum, power) => sum + power, 0);
  const most = random.below(powers.length);
  const chosen: number[] = [];
  let power = 0;
  for (const node of random.shuffle([...powers.keys()])) {
    const own = powers[node] ?? 0;
    if (chosen.length >= most || (power + own) * 3 >= total) continue;
    chosen.push(node);
    power += own;
  }
  return chosen.toSorted((left, right) => left - right);
}

function drawActions(
  random: Random,
  bounds: { readonly nodeCount: number; readonly faultsMs: number },
): readonly WorldAction[] {
  const { nodeCount, faultsMs } = bounds;
  const nodes = Array.from({ length: nodeCount }, (_, at) => at);
  return Array.from({ length: random.below(6) }, (): WorldAction => {
    const atMs = random.below(faultsMs);
    const forMs = 1 + random.below(random.pick([100, 1_000, faultsMs]));
    const node = random.below(nodeCount);
    switch (random.below(4)) {
      case 0:
        return { type: "pause", node, atMs, forMs };
      case 1: {
        const group = random.shuffle(nodes).slice(0, random.below(nodeCount));
        return { type: "partition", groups: [group], atMs, forMs };
      }
      default:
        return { type: "crash", node, atMs, forMs };
    }
  });
}
