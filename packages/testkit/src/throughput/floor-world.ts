import { drawStrategies } from "../byzantine/catalogue.ts";
import { drawTiming, mutateTiming } from "../byzantine/timing/draw-timing.ts";
import { NAMED_PLANS } from "../byzantine/timing/named-plans.ts";
import type { TimingPlan } from "../byzantine/timing/timing-plan.ts";
import { drawByzantine, drawPowers, weakest } from "../fuzzing/powers.ts";
import { drawSlowBlocks } from "../fuzzing/random-faults.ts";
import { createRandom, type Random } from "../random.ts";
import type { WorldOptions } from "../scenario/world-options.ts";
import { findThroughputLoss, type MeasuredSpan } from "./throughput-trial.ts";

/**
 * Span of a first look, short so that many worlds can be measured. A world that falls below
 * `THROUGHPUT_FLOOR` in it is measured again in `TRIAL_SPAN`.
 */
const QUICK: MeasuredSpan = { warmUpMs: 10_000, virtualMs: 30_000 };
const CONFIRMED_BY = 3;
const SLOW_BLOCKS_RATE = 0.3;

/**
 * Pairs of `latencyMs` and `jitterMs`. In the last three the sum exceeds a sixth of the block
 * interval, in the last one the whole interval.
 */
const DELAYS = [
  [1, 0],
  [10, 5],
  [20, 10],
  [30, 10],
  [80, 40],
  [150, 60],
  [280, 60],
] as const;

/**
 * Draws a world without any fault but a Byzantine minority, with random strategies and timing. Its
 * throughput must not fall below `THROUGHPUT_FLOOR`.
 */
export function drawFloorWorld(seed: number): WorldOptions {
  const random = createRandom(seed).fork("floor");
  const nodeCount = random.pick([4, 4, 5, 7, 10]);
  const powers = drawPowers(random, nodeCount);
  const some = drawByzantine(random, powers);
  const [latencyMs, jitterMs] = random.pick(DELAYS);
  const beside = random.chance(0.6) ? [] : drawStrategies(random, "counter");
  return {
    seed,
    nodeCount,
    powers,
    application: "counter",
    workEveryMs: 100,
    network: {
      latencyMs,
      jitterMs,
      byzantineIds: some.length === 0 ? weakest(powers) : some,
    },
    strategies: beside.map(({ name }) => name),
    timing: drawPlan(random),
    ...drawSlowBlocks(createRandom(seed).fork("slow-blocks"), SLOW_BLOCKS_RATE),
  };
}

function drawPlan(random: Random): TimingPlan {
  if (random.chance(0.4)) return drawTiming(random);
  const named = random.pick(Object.values(NAMED_PLANS));
  return random.chance(0.5) ? mutateTiming(random, named) : named;
}

/**
 * Returns why the throughput of a world falls below `THROUGHPUT_FLOOR`, or undefined if it does
 * not. A world that falls below it in a short run is measured again, and the median of three seeds
 * counts.
 */
export async function findFloorDefect(world: WorldOptions): Promise<string | undefined> {
  const { seed = 1 } = world;
  const quick = await findThroughputLoss(world, { seeds: [seed], measured: QUICK });
  if (quick === undefined) return undefined;
  const seeds = Array.from({ length: CONFIRMED_BY }, (_, at) => seed + at);
  return findThroughputLoss(world, { seeds });
}
