import type { WorldOptions, WorldReport } from "@aethel/testkit";
import { isPromised, worldOf } from "../flags/world-flags.ts";
import { runTasks, workerBeside } from "../threads/run-tasks.ts";
import type { FailedWorld } from "../threads/serve-tasks.ts";
import type { Point } from "./axes.ts";

/** Task of a thread: a world, and the virtual milliseconds to simulate. */
export interface SweepTask {
  readonly world: WorldOptions;
  readonly virtualMs: number;
}

/** Result of a world that a thread has simulated. */
export type SweepResult =
  | { readonly type: "held"; readonly report: WorldReport; readonly honest: number }
  | FailedWorld;

/** Result of a world, with its point (a combination of the varied options) and its seed. */
export type SweptWorld = SweepResult & {
  /** Index of the point, a combination of the varied options. */
  readonly point: number;
  readonly seed: number;
  /**
   * Whether less than a third of the nodes is Byzantine, so that agreement and progress are
   * guaranteed.
   */
  readonly isPromised: boolean;
};

/** Worlds to run, the virtual milliseconds of each, and the number of threads. */
export interface SweepOptions {
  readonly points: readonly Point[];
  readonly seeds: readonly number[];
  readonly virtualMs: number;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs every point with every seed. Yields the results point by point and seed by seed, whatever
 * the number of threads.
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
