import { Worker } from "node:worker_threads";

/** Returns the URL of a worker file beside a module, in the sources and in the build. */
export function workerBeside(moduleUrl: string, name: string): URL {
  return new URL(`./${name}.${moduleUrl.endsWith(".ts") ? "ts" : "js"}`, moduleUrl);
}

/** Message of a thread with the result of task number `at`. */
export interface TaskDone<Result> {
  readonly at: number;
  readonly result: Result;
}

/**
 * Runs tasks on threads and yields their results in the order of the tasks, whatever order they end
 * in. A result for which `isLast` holds is the last one. An abort ends the run at once; results
 * that were not yielded are lost.
 *
 * @throws Error that names the task, if a thread ends by itself, such as without memory.
 */
export async function* runTasks<Task, Result>(options: {
  /** File that each thread runs; it calls `serveTasks`. */
  readonly runner: URL;
  readonly tasks: Iterable<Task>;
  readonly threads: number;
  /** `workerData` of every thread. */
  readonly data?: unknown;
  readonly isLast?: (result: Result) => boolean;
  readonly signal?: AbortSignal;
}): AsyncGenerator<Result> {
  const { runner, threads, data, signal, isLast = () => false } = options;
  const tasks = options.tasks[Symbol.iterator]();
  const ended = new Map<number, Result>();
  const running = new Map<Worker, { readonly at: number; readonly task: Task }>();
  let waiting = Promise.withResolvers<void>();
  let failure: Error | undefined;
  let isOver = false;
  let handed = 0;
  let yielded = 0;

  const workers: Worker[] = [];
  const wake = (): void => {
    waiting.resolve();
    waiting = Promise.withResolvers<void>();
  };
  const feed = (worker: Worker): void => {
    running.delete(worker);
    // Bounds the results that wait for one task that takes long.
    if (isOver || handed - yielded >= AHEAD_MAX) return;
    const next = tasks.next();
    if (next.done === true) {
      isOver = true;
      return;
    }
    running.set(worker, { at: handed, task: next.value });
    worker.postMessage({ at: handed, task: next.value });
    handed += 1;
  };
  const feedIdle = (): void => {
    for (const worker of workers) if (!running.has(worker)) feed(worker);
  };
  const start = (): void => {
    const worker = new Worker(runner, { workerData: data });
    const fail = (error: unknown): void => {
      failure ??= describeEnd(error, running.get(worker)?.task);
      wake();
    };
    worker.on("message", ({ at, result }: TaskDone<Result>) => {
      ended.set(at, result);
      if (isLast(result)) isOver = true;
      feed(worker);
      wake();
    });
    worker.on("error", fail);
    worker.on("exit", (code) => fail(new Error(`it ended with exit code ${code}`)));
    workers.push(worker);
    feed(worker);
  };

  try {
    signal?.addEventListener("abort", wake);
    while (workers.length < Math.max(1, threads) && !isOver) start();
    while (!(isOver && yielded === handed)) {
      if (signal?.aborted === true) return;
      const result = ended.get(yielded);
      if (result === undefined) {
        if (failure !== undefined) throw failure;
        await waiting.promise;
        continue;
      }
      ended.delete(yielded);
      yielded += 1;
      yield result;
      if (isLast(result)) return;
      feedIdle();
    }
  } finally {
    signal?.removeEventListener("abort", wake);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const AHEAD_MAX = 10_000;

function describeEnd(error: unknown, task: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const doing = task === undefined ? "with no task" : `at task ${JSON.stringify(task)}`;
  return new Error(`a thread ended ${doing}: ${reason}`, { cause: error });
}
