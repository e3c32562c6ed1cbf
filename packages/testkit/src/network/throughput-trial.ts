import { toHex } from "@aethel/models";
import {
  createThroughputMeter,
  findThroughputDefect,
  findTurnDefect,
  type Throughput,
  type ThroughputTrial,
} from "../checkers/throughput.ts";
import { TEST_PARAMETERS } from "../test-genesis.ts";
import { regionDelayMs } from "../world/regions.ts";
import { createTestNetwork } from "./create-test-network.ts";
import type { TestNetworkOptions } from "./test-network.ts";
import { resolveWorld, type WorldOptions } from "./world-options.ts";

/** How long a world is measured, and what is left out at its beginning. */
export interface MeasuredSpan {
  readonly warmUpMs: number;
  readonly virtualMs: number;
}

/** Long enough for some hundreds of blocks; who is crashed is passed over by its beginning. */
export const TRIAL_SPAN: MeasuredSpan = { warmUpMs: 20_000, virtualMs: 60_000 };

/** Delay may be this part of the block interval for the floor to hold. */
const NEAR = 6;

/** Finalized work of the honest nodes of a world, once it has warmed up. */
export async function measureThroughput(
  world: WorldOptions,
  { warmUpMs, virtualMs }: MeasuredSpan = TRIAL_SPAN,
  /** Another engine than the production one, and what watches it. */
  engine: Pick<TestNetworkOptions, "createReplica" | "onlyCheckers"> = {},
): Promise<Throughput> {
  const { nodeCount, network } = resolveWorld(world);
  const { byzantineIds } = network;
  const nodes = Array.from({ length: nodeCount }, (_, at) => at);
  let now = (): number => 0;
  let names: ReadonlySet<string> = new Set();
  const meter = createThroughputMeter({
    now: () => now(),
    honest: nodes.filter((node) => !byzantineIds.includes(node)),
    byzantine: () => names,
  });
  await using running = await createTestNetwork({
    ...world,
    ...engine,
    checkers: [meter.checker],
  });
  now = () => running.nowMs;
  names = new Set(running.nodes.filter((each) => each.isByzantine).map(({ id }) => toHex(id)));
  await running.run(warmUpMs);
  meter.begin();
  await running.run(virtualMs);
  return meter.end();
}

/** The world with its Byzantine nodes crashed from the start. */
export function crashedTwin(world: WorldOptions): WorldOptions {
  const { byzantineIds } = resolveWorld(world).network;
  const { timing: _, twins: __, ...rest } = world;
  const crashes = byzantineIds.map((node) => ({ type: "crash", node, atMs: 0 }) as const);
  return {
    ...rest,
    strategies: ["silent"],
    network: { ...world.network, byzantineIds },
    actions: [...crashes, ...(world.actions ?? [])],
  };
}

/** The world with all nodes honest. */
export function untroubledTwin(world: WorldOptions): WorldOptions {
  const { timing: _, twins: __, strategies: ___, byzantineCount: ____, ...rest } = world;
  return { ...rest, network: { ...world.network, byzantineIds: [] } };
}

/** Whether the longest one-way delay of a world is at most a sixth of its block interval. */
export function isNear(world: WorldOptions): boolean {
  const { network, parameters } = resolveWorld(world);
  const { minBlockIntervalMs = TEST_PARAMETERS.minBlockIntervalMs } = parameters;
  const { regions } = network;
  const delays = regions.flatMap((here) => regions.map((there) => regionDelayMs(here, there)));
  const farMs = Math.max(0, ...delays);
  return NEAR * (network.latencyMs + network.jitterMs + farMs) <= minBlockIntervalMs;
}

/** Why a world's Byzantine minority costs more than crashed validators would, over some seeds. */
export async function findThroughputLoss(
  world: WorldOptions,
  options: { readonly seeds: readonly number[]; readonly measured?: MeasuredSpan },
): Promise<string | undefined> {
  const { seeds, measured = TRIAL_SPAN } = options;
  const near = isNear(world);
  const trials: ThroughputTrial[] = [];
  for (const seed of seeds) {
    const seeded = { ...world, seed };
    const attacked = await measureThroughput(seeded, measured);
    const crashed = await measureThroughput(crashedTwin(seeded), measured);
    // Only where delays are long does it count what honest nodes alone do.
    const untroubled = near ? crashed : await measureThroughput(untroubledTwin(seeded), measured);
    trials.push({ attacked, crashed, untroubled });
  }
  return near ? findThroughputDefect(trials) : findTurnDefect(trials);
}
