import { ITEM_STRATEGIES, JOINT_STRATEGIES } from "../byzantine/catalogue.ts";
import { createRandom, type Random } from "../random.ts";
import type { WorldAction } from "../scenario/world-action.ts";
import type { PowerCuts, WorldOptions } from "../scenario/world-options.ts";
import { createTestNetwork } from "../test-network/create-test-network.ts";
import type { TestNetworkOptions } from "../test-network/test-network.ts";
import type { WorldReport } from "../trace/measures.ts";
import type { AmbushConfig } from "../virtual-network/ambush.ts";
import { drawAmbush, drawNetwork } from "./network-draws.ts";
import { drawByzantine, drawPowers, weakest } from "./powers.ts";
import { addFaults, addRestore } from "./random-faults.ts";

/** Seed and bounds of a random world. */
export interface RandomWorldOptions {
  readonly seed: number;
  /**
   * Name of the application. Default `counter`: it is much faster, and consensus is what is tested.
   */
  readonly application?: string;
  readonly nodesMax?: number;
  /** Virtual milliseconds within which faults begin. Default 15,000. */
  readonly faultsMs?: number;
  /** Whether the world has one long outage of the network. Default: one world in a hundred has. */
  readonly outage?: boolean;
  /**
   * Names of the strategies of all Byzantine nodes; then there is at least one such node, except in
   * worlds of up to three nodes. Default: drawn for each node.
   */
  readonly strategies?: readonly string[];
  /** Attack of the network. Default: drawn. */
  readonly ambush?: AmbushConfig;
}

/**
 * Draws a world: 1 to `nodesMax` nodes whose stakes may differ and may change at epoch boundaries,
 * Byzantine nodes or twins with less than a third of the power, a bad or hostile network, wrong
 * clocks, crashes, pauses, partitions, damaged disks, slow Judges and slow disks.
 */
export function drawWorld(options: RandomWorldOptions): WorldOptions {
  const { seed, application = "counter", nodesMax = 7, faultsMs = 15_000 } = options;
  const random = createRandom(seed).fork("world");
  // Later additions have a stream of their own: most worlds of a seed stay the same.
  const more = createRandom(seed).fork("more");
  const rare = random.chance(OUTAGE_RATE);
  const outage = options.outage ?? rare;
  const few = random.chance(0.1);
  const drawn = few ? 1 + random.below(3) : 4 + random.below(nodesMax - 3);
  const nodeCount = outage ? 4 : drawn;
  const powers = drawPowers(random, nodeCount);
  const some = drawByzantine(random, powers);
  const forced = options.strategies !== undefined && some.length === 0 && nodeCount > 3;
  const byzantineIds = forced ? weakest(powers) : some;
  // A node that lost its signing state votes again only after others have finalized a block without
  // it: until then it counts as faulty.
  const faulty = drawByzantine(random, powers, byzantineIds);
  const calm = random.chance(0.2);
  const rotates = application === "counter" && random.chance(0.3);
  const twins = byzantineIds.length > 0 && random.chance(0.2) ? byzantineIds : [];
  const pools = createRandom(seed).fork("pools");
  const poolless = pools.chance(0.4)
    ? Array.from({ length: nodeCount }, (_, node) => node).filter(() => pools.chance(0.6))
    : [];
  const overItems = byzantineIds.length > 0 && pools.chance(0.15);
  const joint = createRandom(seed).fork("joint");
  const isOpen = byzantineIds.length > 0 && twins.length === 0 && options.strategies === undefined;
  const isJoint = isOpen && !outage && joint.chance(JOINT_RATE);
  const world: WorldOptions = {
    seed,
    nodeCount,
    application,
    powers,
    faultsMs: outage ? OUTAGE_MS : faultsMs,
    ...(rotates ? drawRotation(random, { powers, faulty }) : {}),
    ...(twins.length > 0 && !outage ? { twins } : {}),
    ...(application === "ledger" && more.chance(0.5) ? { escaping: byzantineIds } : {}),
    ...(outage ? { strategies: [random.pick(["silent", "deserter"] as const)] } : {}),
    ...(poolless.length > 0 ? { poolless } : {}),
    ...(overItems && !outage ? { strategies: [pools.pick(ITEM_STRATEGIES).name] } : {}),
    ...(isJoint ? { strategies: [joint.pick(JOINT_STRATEGIES).name] } : {}),
    ...(options.strategies === undefined ? {} : { strategies: options.strategies }),
    workEveryMs: outage ? 5_000 : random.pick([200, 500, 2_000]),
    judgingMs: random.pick([0, 5, 100]),
    syncMs: random.pick([0, 1, 20, 200]),
    ...(outage ? { ambush: { rate: 1, holdMs: OUTAGE_MS, plan: "starvation" } } : {}),
    ...(!outage && random.chance(0.4) ? { ambush: drawAmbush(random, more) } : {}),
    ...(isJoint ? { ambush: LONE_LOCKS } : {}),
    ...(options.ambush === undefined ? {} : { ambush: options.ambush }),
    ...(random.chance(0.3) ? { powerCuts: drawPowerCuts(random, faulty) } : {}),
    network: { ...drawNetwork(random, { nodeCount, calm: calm || outage }), byzantineIds },
    actions: outage
      ? drawExile(random, byzantineIds)
      : calm
        ? []
        : drawActions(random, { nodeCount, faultsMs, faulty }),
  };
  if (outage) return world;
  if (calm) {
    const restored = createRandom(seed).fork("restored");
    return addRestore(world, restored, { byzantineIds, faulty, faultsMs });
  }
  const late = createRandom(seed).fork("late");
  return addFaults(world, late, { byzantineIds, faulty, faultsMs });
}

/**
 * Runs a world for the time of its faults, then demands progress. `progressMs` is the virtual time
 * that it took.
 * @throws TestkitError `VIOLATION`
 */
export async function runWorld(
  options: TestNetworkOptions,
  demand: { readonly faultsMs?: number; readonly blocks?: number; readonly boundMs?: number } = {},
): Promise<WorldReport & { readonly progressMs: number }> {
  const { faultsMs = options.faultsMs ?? 15_000, blocks = 2, boundMs = PROGRESS_MS } = demand;
  await using network = await createTestNetwork(options);
  await network.run(faultsMs);
  const progressMs = await network.expectProgress({ blocks, boundMs });
  return { ...network.report(), progressMs };
}

/**
 * Fraction of the worlds with an outage: all PREPAREs are lost for so long that time-outs without a
 * cap would grow to hours.
 */
const OUTAGE_RATE = 0.01;
const OUTAGE_MS = 600_000;
/** Fraction of the worlds with a strategy that all Byzantine nodes follow together. */
const JOINT_RATE = 0.06;
/** Ambush that leaves a single node with a lock, which such a strategy attacks. */
const LONE_LOCKS: AmbushConfig = { rate: 1, holdMs: 2_000, plan: "hidden-votes" };
/**
 * Virtual milliseconds within which progress is demanded. The README has the slowest case measured.
 */
const PROGRESS_MS = 120_000;

/**
 * Draws up to two more validator sets. Some nodes are left out of each, and in each the nodes that
 * may fail have less than a third of the power.
 */
function drawRotation(
  random: Random,
  people: { readonly powers: readonly number[]; readonly faulty: readonly number[] },
): Pick<WorldOptions, "rotation" | "epochBlocks"> {
  const { powers, faulty } = people;
  const isSound = (drawn: readonly number[]): boolean => {
    const total = drawn.reduce((sum, power) => sum + power, 0);
    return faulty.reduce((sum, node) => sum + (drawn[node] ?? 0), 0) * 3 < total;
  };
  const rotation = Array.from({ length: 2 }, () =>
    powers.map((power) => (random.chance(0.25) ? 0 : power + random.below(2))),
  ).filter(isSound);
  const epochBlocks = random.pick([1, 2, 3, 8]);
  return rotation.length === 0 ? {} : { rotation, epochBlocks };
}

/** Draws, in half of the outages, a partition that separates one honest node from all others. */
function drawExile(random: Random, byzantineIds: readonly number[]): readonly WorldAction[] {
  const exile = random.pick([0, 1, 2, 3].filter((node) => !byzantineIds.includes(node)));
  if (random.chance(0.5)) return [];
  return [{ type: "partition", groups: [[exile]], atMs: 0, forMs: OUTAGE_MS }];
}

function drawPowerCuts(random: Random, faulty: readonly number[]): PowerCuts {
  const cuts = { rate: 0.03, downMs: random.pick([1, 50]), most: 6 };
  return random.chance(0.3) ? { ...cuts, damaging: faulty } : cuts;
}

function drawActions(
  random: Random,
  bounds: {
    readonly nodeCount: number;
    readonly faultsMs: number;
    readonly faulty: readonly number[];
  },
): readonly WorldAction[] {
  const { nodeCount, faultsMs, faulty } = bounds;
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
        const direction = random.chance(0.3) ? { oneWay: true as const } : {};
        return { type: "partition", groups: [group], atMs, forMs, ...direction };
      }
      case 2:
        // The bit is taken modulo the length of what is written, which is far less than this bound.
        return faulty.includes(node)
          ? { type: "flip-bit", node, bit: random.below(2 ** 20), atMs, forMs }
          : { type: "crash", node, atMs, forMs };
      default:
        return { type: "crash", node, atMs, forMs };
    }
  });
}
