import type { RandomWorldOptions } from "@aethel/testkit";
import { runTasks, workerBeside } from "../threads/run-tasks.ts";
import type { FailedWorld } from "../threads/serve-tasks.ts";

/** Options from which random worlds are drawn, without the seed. */
export type WorldBase = Omit<RandomWorldOptions, "seed">;

/** Result of a world (a simulated network) without a violation. */
export interface PassedWorld {
  readonly seed: number;
  readonly type: "passed";
  readonly virtualMs: number;
  readonly steps: number;
  readonly progressMs: number;
  /** Faults in the world; see `faultsOf`. */
  readonly faults: readonly string[];
}

/** Result of the world (a simulated network) that one seed gives. */
export type FuzzedWorld = PassedWorld | ({ readonly seed: number } & FailedWorld);

/** Worlds (simulated networks) to run, and the number of threads. */
export interface FuzzOptions {
  readonly first: number;
  /** Number of worlds; may be infinite, if `isTimeUp` or `signal` ends the run. */
  readonly runs: number;
  readonly jobs: number;
  readonly world: WorldBase;
  /** Tells whether time is up; then no further world begins. Undefined: there is no such limit. */
  readonly isTimeUp?: () => boolean;
  /** Aborts the run at once. */
  readonly signal?: AbortSignal;
}

/**
 * Runs worlds on threads and yields their results in the order of their seeds. Ends after the first
 * result in this order whose world did not pass.
 */
export function fuzzWorlds(options: FuzzOptions): AsyncGenerator<FuzzedWorld> {
  const { jobs, world, signal } = options;
  return runTasks<number, FuzzedWorld>({
    runner: workerBeside(import.meta.url, "fuzz-worker"),
    tasks: seedsOf(options),
    threads: Math.min(jobs, options.runs),
    data: world,
    isLast: ({ type }) => type !== "passed",
    ...(signal === undefined ? {} : { signal }),
  });
}

function* seedsOf({ first, runs, isTimeUp = () => false }: FuzzOptions): Generator<number> {
  for (let seed = first; seed < first + runs && !isTimeUp(); seed++) yield seed;
}
