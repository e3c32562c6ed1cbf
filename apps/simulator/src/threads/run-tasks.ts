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

interface RunOptions<Task, Result> {
  /** File that each thread runs; it calls `serveTasks`. */
  readonly runner: URL;
  readonly tasks: Iterable<Task>;
  readonly threads: number;
  /** `workerData` of every thread. */
  readonly data?: unknown;
  readonly isLast?: (result: Result) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Runs tasks on threads and yields their results in the order of the tasks, whatever order they end
 * in. A result for which `isLast` holds is the last one. An abort ends the run at once; results
 * that were not yielded are lost.
 *
 * @throws Error that names the task, if a thread ends by itself, such as without memory.
 */
export async function* runTasks<Task, Result>(
  options: RunOptions<Task, Result>,
): AsyncGenerator<Result> {
  const { signal, isLast = () => false } = options;
  const pool = new TaskPool(options);
  const wake = (): void => pool.wake();
  try {
    signal?.addEventListener("abort", wake);
    pool.start();
    while (!pool.isDone()) {
      if (signal?.aborted === true) return;
      const result = pool.take();
      if (result === undefined) {
        await pool.change();
        continue;
      }
      yield result;
      if (isLast(result)) return;
      pool.feedIdle();
    }
  } finally {
    signal?.removeEventListener("abort", wake);
    await pool.terminate();
  }
}

const AHEAD_MAX = 10_000;

/** Threads with the tasks that they run, and the results that wait for their turn. */
class TaskPool<Task, Result> {
  readonly #options: RunOptions<Task, Result>;
  readonly #tasks: Iterator<Task>;
  readonly #workers: Worker[] = [];
  readonly #running = new Map<Worker, { readonly at: number; readonly task: Task }>();
  readonly #ended = new Map<number, Result>();
  #waiting = Promise.withResolvers<void>();
  #failure: Error | undefined;
  /** Whether no further task is handed out. */
  #isOver = false;
  /** Number of tasks that were handed to threads. */
  #handed = 0;
  /** Number of results that were taken. */
  #taken = 0;

  constructor(options: RunOptions<Task, Result>) {
    this.#options = options;
    this.#tasks = options.tasks[Symbol.iterator]();
  }

  /** Starts the threads, as long as there are tasks for them. */
  start(): void {
    const count = Math.max(1, this.#options.threads);
    while (this.#workers.length < count && !this.#isOver) this.#startOne();
  }

  /** Whether all results were taken. */
  isDone(): boolean {
    return this.#isOver && this.#taken === this.#handed;
  }

  /**
   * Takes the next result; undefined if its task has not ended.
   * @throws Error if it has not ended and a thread has failed.
   */
  take(): Result | undefined {
    const result = this.#ended.get(this.#taken);
    if (result === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      return undefined;
    }
    this.#ended.delete(this.#taken);
    this.#taken += 1;
    return result;
  }

  /** Resolves when a task ends, a thread fails, or `wake` is called. */
  change(): Promise<void> {
    return this.#waiting.promise;
  }

  wake(): void {
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers<void>();
  }

  /** Hands a task to each thread that has none. */
  feedIdle(): void {
    for (const worker of this.#workers) if (!this.#running.has(worker)) this.#feed(worker);
  }

  async terminate(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #startOne(): void {
    const { runner, data, isLast = () => false } = this.#options;
    const worker = new Worker(runner, { workerData: data });
    const fail = (error: unknown): void => {
      this.#failure ??= describeEnd(error, this.#running.get(worker)?.task);
      this.wake();
    };
    worker.on("message", ({ at, result }: TaskDone<Result>) => {
      this.#ended.set(at, result);
      if (isLast(result)) this.#isOver = true;
      this.#feed(worker);
      this.wake();
    });
    worker.on("error", fail);
    worker.on("exit", (code) => fail(new Error(`it ended with exit code ${code}`)));
    this.#workers.push(worker);
    this.#feed(worker);
  }

  #feed(worker: Worker): void {
    this.#running.delete(worker);
    // Bounds the results that wait for one task that takes long.
    if (this.#isOver || this.#handed - this.#taken >= AHEAD_MAX) return;
    const next = this.#tasks.next();
    if (next.done === true) {
      this.#isOver = true;
      return;
    }
    const given = { at: this.#handed, task: next.value };
    this.#running.set(worker, given);
    worker.postMessage(given);
    this.#handed += 1;
  }
}

function describeEnd(error: unknown, task: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const doing = task === undefined ? "with no task" : `at task ${JSON.stringify(task)}`;
  return new Error(`a thread ended ${doing}: ${reason}`, { cause: error });
}
