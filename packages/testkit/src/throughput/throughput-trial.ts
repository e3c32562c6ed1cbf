import { toHex } from "@aethel/models";
import { TEST_PARAMETERS } from "../fixtures/test-genesis.ts";
import { resolveWorld } from "../scenario/resolve-world.ts";
import type { WorldOptions } from "../scenario/world-options.ts";
import { createTestNetwork } from "../test-network/create-test-network.ts";
import type { TestNetworkOptions } from "../test-network/test-network.ts";
import { regionDelayMs } from "../virtual-network/regions.ts";
import { createThroughputMeter } from "./meter.ts";
import {
  findThroughputDefect,
  findTurnDefect,
  type Throughput,
  type ThroughputPair,
} from "./throughput.ts";

/**
 * Virtual time for which a world is measured, after a warm-up that does not count. In milliseconds.
 */
export interface MeasuredSpan {
  readonly warmUpMs: number;
  readonly virtualMs: number;
}

/**
 * Span of some hundreds of blocks. In the warm-up, crashed validators become passed over as
 * leaders.
 */
export const TRIAL_SPAN: MeasuredSpan = { warmUpMs: 20_000, virtualMs: 60_000 };

/**
 * Divisor of the block interval. Delays up to the quotient are short: with them, a Byzantine
 * minority must not cost more throughput than a crash of the same nodes.
 */
const NEAR = 6;

/** Runs a world and measures the work that its honest nodes finalize after the warm-up. */
export async function measureThroughput(
  world: WorldOptions,
  { warmUpMs, virtualMs }: MeasuredSpan = TRIAL_SPAN,
  /** Engine in place of the production one, and the checkers that observe it. */
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

/**
 * Returns the world with its Byzantine nodes crashed at `atMs`. With 0 they are silent from the
 * start; otherwise they are honest until then.
 */
export function crashedTwin(world: WorldOptions, atMs = 0): WorldOptions {
  const { byzantineIds } = resolveWorld(world).network;
  const { timing: _, twins: __, ...rest } = world;
  const crashes = byzantineIds.map((node) => ({ type: "crash", node, atMs }) as const);
  return {
    ...rest,
    ...(atMs === 0 ? { strategies: ["silent"] } : { strategies: [], timing: {} }),
    network: { ...world.network, byzantineIds },
    actions: [...crashes, ...(world.actions ?? [])],
  };
}

/** Returns the world with all of its nodes honest. */
export function untroubledTwin(world: WorldOptions): WorldOptions {
  const { timing: _, twins: __, strategies: ___, byzantineCount: ____, ...rest } = world;
  return { ...rest, network: { ...world.network, byzantineIds: [] } };
}

/**
 * Returns whether the longest one-way delay of a world is at most a sixth of its block interval.
 */
export function isNear(world: WorldOptions): boolean {
  const { network, parameters } = resolveWorld(world);
  const { minBlockIntervalMs = TEST_PARAMETERS.minBlockIntervalMs } = parameters;
  const { regions } = network;
  const delays = regions.flatMap((here) => regions.map((there) => regionDelayMs(here, there)));
  const farMs = Math.max(0, ...delays);
  return NEAR * (network.latencyMs + network.jitterMs + farMs) <= minBlockIntervalMs;
}

/**
 * Measures the throughput of the world with its Byzantine nodes crashed. Where delays are long,
 * they crash only in the middle of the warm-up: the measurement must contain turns that a crashed
 * leader loses.
 */
export function measureCrashed(
  world: WorldOptions,
  measured: MeasuredSpan = TRIAL_SPAN,
): Promise<Throughput> {
  return measureThroughput(crashedTwin(world, isNear(world) ? 0 : measured.warmUpMs / 2), measured);
}

/**
 * Returns why a world's Byzantine minority costs more throughput than a crash of the same nodes,
 * over some seeds. Undefined if it does not.
 */
export async function findThroughputLoss(
  world: WorldOptions,
  options: { readonly seeds: readonly number[]; readonly measured?: MeasuredSpan },
): Promise<string | undefined> {
  const { seeds, measured = TRIAL_SPAN } = options;
  const pairs: ThroughputPair[] = [];
  for (const seed of seeds) {
    const seeded = { ...world, seed };
    const attacked = await measureThroughput(seeded, measured);
    pairs.push({ attacked, crashed: await measureCrashed(seeded, measured) });
  }
  return isNear(world) ? findThroughputDefect(pairs) : findTurnDefect(pairs);
}
