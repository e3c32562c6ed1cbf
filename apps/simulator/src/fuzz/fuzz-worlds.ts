import type { RandomWorldOptions } from "@aethel/testkit";
import { runTasks, workerBeside } from "../threads/run-tasks.ts";
import type { FailedWorld } from "../threads/serve-tasks.ts";

/** What random worlds are drawn by, but for the seed. */
export type WorldBase = Omit<RandomWorldOptions, "seed">;

/** A world in which nothing was violated. */
export interface PassedWorld {
  readonly seed: number;
  readonly type: "passed";
  readonly virtualMs: number;
  readonly steps: number;
  readonly progressMs: number;
  /** What was wrong in it; see `faultsOf`. */
  readonly faults: readonly string[];
}

/** What came of the world of one seed. */
export type FuzzedWorld = PassedWorld | ({ readonly seed: number } & FailedWorld);

/** Which worlds, and on how many threads. */
export interface FuzzOptions {
  readonly first: number;
  /** Worlds; may be infinite, and then something else must end it. */
  readonly runs: number;
  readonly jobs: number;
  readonly world: WorldBase;
  /** Once it is true no other world is begun. */
  readonly isTimeUp?: () => boolean;
  /** An abort ends it at once. */
  readonly signal?: AbortSignal;
}

/**
 * Runs worlds on threads and hands out what came of them in the order of their seeds, whatever order
 * they end in. Ends with the first that did not pass: of two it is the one with the lower seed.
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
