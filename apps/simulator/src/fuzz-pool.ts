import { Worker } from "node:worker_threads";
import type { RandomWorldOptions, Violation } from "@aethel/testkit";

/** What came of the world of one seed. */
export type FuzzedWorld =
  | {
      readonly seed: number;
      readonly type: "passed";
      readonly virtualMs: number;
      readonly steps: number;
      readonly progressMs: number;
    }
  | { readonly seed: number; readonly type: "violated"; readonly fault: Violation }
  | { readonly seed: number; readonly type: "broken"; readonly reason: string };

/**
 * Runs worlds on threads and hands out what came of them in the order of their seeds, whatever order
 * they end in. Ends with the first that did not pass: of two it is the one with the lower seed.
 */
export async function* fuzzWorlds(options: {
  readonly first: number;
  readonly runs: number;
  readonly jobs: number;
  readonly world: Omit<RandomWorldOptions, "seed">;
}): AsyncGenerator<FuzzedWorld> {
  const { first, runs, jobs, world } = options;
  const ended = new Map<number, FuzzedWorld>();
  let waiting: (() => void) | undefined;
  let failure: Error | undefined;
  let next = first;
  const workers = Array.from({ length: Math.min(jobs, runs) }, () => createWorker(world));
  const feed = (worker: Worker): void => {
    if (next < first + runs) worker.postMessage(next++);
  };
  const wake = (): void => {
    waiting?.();
    waiting = undefined;
  };
  for (const worker of workers) {
    worker.on("message", (result: FuzzedWorld) => {
      ended.set(result.seed, result);
      if (result.type === "passed") feed(worker);
      wake();
    });
    worker.on("error", (error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error));
      wake();
    });
    feed(worker);
  }
  try {
    for (let seed = first; seed < first + runs; ) {
      if (failure !== undefined) throw failure;
      const result = ended.get(seed);
      if (result === undefined) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
        continue;
      }
      ended.delete(seed);
      seed += 1;
      yield result;
      if (result.type !== "passed") return;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function createWorker(world: Omit<RandomWorldOptions, "seed">): Worker {
  // The same file from source and from the build.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new Worker(new URL(`./fuzz-worker.${extension}`, import.meta.url), { workerData: world });
}
