import type { WorldOptions, WorldReport } from "@aethel/testkit";
import { isPromised, worldOf } from "../flags/world-flags.ts";
import { runTasks, workerBeside } from "../threads/run-tasks.ts";
import type { FailedWorld } from "../threads/serve-tasks.ts";
import type { Point } from "./axes.ts";

/** What a thread is told to run. */
export interface SweepTask {
  readonly world: WorldOptions;
  readonly virtualMs: number;
}

/** What it answers. */
export type SweepResult =
  | { readonly type: "held"; readonly report: WorldReport; readonly honest: number }
  | FailedWorld;

/** One world of a sweep: which one, and what came of it. */
export type SweptWorld = SweepResult & {
  /** Index of the point. */
  readonly point: number;
  readonly seed: number;
  /** Less than a third of its nodes is Byzantine. */
  readonly isPromised: boolean;
};

/** Which worlds, for how long, on how many threads. */
export interface SweepOptions {
  readonly points: readonly Point[];
  readonly seeds: readonly number[];
  readonly virtualMs: number;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs every point with every seed, and hands out what came of it: point after point, and seed after
 * seed, however many threads there are.
 */
export async function* sweepWorlds(options: SweepOptions): AsyncGenerator<SweptWorld> {
  const { points, seeds, virtualMs, jobs, signal } = options;
  const worlds = points.flatMap(({ flags }, point) =>
    seeds.map((seed) => ({ point, seed, flags, task: { world: worldOf(flags, seed), virtualMs } })),
  );
  const results = runTasks<SweepTask, SweepResult>({
    runner: workerBeside(import.meta.url, "sweep-worker"),
    tasks: worlds.map(({ task }) => task),
    threads: Math.min(jobs, worlds.length),
    signal,
  });
  const order = worlds.values();
  for await (const result of results) {
    const { value: world } = order.next();
    if (world === undefined) return;
    const { point, seed, flags } = world;
    yield { ...result, point, seed, isPromised: isPromised(flags) };
  }
}
