import type { Abstained, Judged, JudgePayload, Rejected } from "../judgement.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";
import type { JudgeThread, Platform } from "./platform.ts";
import type { WorkerAnswer } from "./worker-protocol.ts";

/** Payload to be judged by a thread. */
export interface Job {
  readonly payload: JudgePayload;
  readonly resourceLimit: number;
  readonly signal?: AbortSignal | undefined;
}

/** Result of a job. */
export type JobResult = Judged | Rejected | Abstained;

/** Options of the threads. They decide whether there is a verdict, but never which one. */
export interface ThreadOptions {
  readonly workers: number;
  /** Greatest number of jobs that wait. Jobs beyond it resolve to `abstained` (`overloaded`). */
  readonly queueMax: number;
  /**
   * Greatest time from giving a job to a thread until the thread begins it, in milliseconds. It
   * includes the start of a new thread.
   */
  readonly startMilliseconds: number;
  /** Greatest time from the beginning of a job to its answer, in milliseconds. */
  readonly watchdogMilliseconds: number;
  /**
   * Greatest size of a solver's heap, in bytes. A thread with a larger heap is replaced after its
   * answer.
   */
  readonly heapBytesMax: number;
}

interface Pending extends Job {
  readonly id: number;
  readonly settle: (result: JobResult) => void;
}

/**
 * Entry for one thread, with its current job. `worker` is undefined after an idle thread has ended,
 * until there is work.
 */
interface Slot {
  worker: JudgeThread | undefined;
  pending: Pending | undefined;
  watchdog: ReturnType<typeof setTimeout> | undefined;
  heapBytes: number;
}

/**
 * Starts the threads, and compiles the solver meanwhile. The first verdict waits for one thread
 * only.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` if the solver cannot be compiled. All threads have ended
 * then.
 */
export async function startWorkerThreads(
  options: ThreadOptions,
  platform: Platform,
): Promise<WorkerThreads> {
  const compiling = Promise.withResolvers<WasmModule>();
  const threads = new WorkerThreads(options, platform, compiling.promise);
  try {
    // The threads start while this reads and compiles.
    compiling.resolve(platform.compileSolver());
    await compiling.promise;
  } catch (error) {
    await threads.close();
    throw error;
  }
  return threads;
}

/** Threads, each of which judges one job at a time. If one fails, only that one is replaced. */
export class WorkerThreads {
  readonly #options: ThreadOptions;
  readonly #platform: Platform;
  readonly #module: Promise<WasmModule>;
  readonly #slots: readonly Slot[];
  readonly #queue: Pending[] = [];
  readonly #ending = new Set<Promise<unknown>>();
  #nextId = 0;
  #closed = false;
  #replaced = 0;

  /** Starts the threads. Each waits for `module` before it judges. */
  constructor(options: ThreadOptions, platform: Platform, module: Promise<WasmModule>) {
    this.#options = options;
    this.#platform = platform;
    this.#module = module;
    this.#slots = Array.from({ length: options.workers }, () => {
      const slot: Slot = {
        worker: undefined,
        pending: undefined,
        watchdog: undefined,
        heapBytes: 0,
      };
      this.#start(slot);
      return slot;
    });
  }

  /**
   * Number of threads that were ended by the watchdog, a crash, an abort or a heap that was too
   * large.
   */
  get replaced(): number {
    return this.#replaced;
  }

  /** Size of each thread's solver heap after its last job, in bytes. 0 before its first job. */
  get heapBytes(): readonly number[] {
    return this.#slots.map((slot) => slot.heapBytes);
  }

  /** Runs a job on a free thread, or queues it. The promise never rejects. */
  async run(job: Job): Promise<JobResult> {
    if (this.#closed || job.signal?.aborted === true) {
      return { type: "abstained", reason: "aborted" };
    }
    if (this.#queue.length >= this.#options.queueMax) {
      return { type: "abstained", reason: "overloaded" };
    }
    return await new Promise((resolve) => {
      const onAbort = (): void => this.#abort(pending);
      const pending: Pending = {
        ...job,
        id: this.#nextId++,
        settle: (result) => {
          job.signal?.removeEventListener("abort", onAbort);
          resolve(result);
        },
      };
      job.signal?.addEventListener("abort", onAbort, { once: true });
      this.#queue.push(pending);
      this.#dispatch();
    });
  }

  /** Ends all threads. Jobs that are running or waiting resolve to `abstained` (`aborted`). */
  async close(): Promise<void> {
    this.#closed = true;
    for (const pending of this.#queue.splice(0)) {
      pending.settle({ type: "abstained", reason: "aborted" });
    }
    for (const slot of this.#slots) {
      if (slot.worker !== undefined) {
        this.#replace(slot, { type: "abstained", reason: "aborted" });
      }
    }
    await Promise.all(this.#ending);
  }

  #start(slot: Slot): JudgeThread {
    const worker = this.#platform.startThread({
      onAnswer: (answer) => this.#onAnswer(slot, worker, answer),
      onEnd: () => this.#onEnd(slot, worker),
    });
    slot.worker = worker;
    slot.heapBytes = 0;
    void this.#sendSolver(worker);
    return worker;
  }

  async #sendSolver(worker: JudgeThread): Promise<void> {
    try {
      const module = await this.#module;
      worker.post({ type: "start", module });
      // All threads have the code before the images are looked for.
      const images = await this.#platform.loadImages();
      worker.post({ type: "images", images });
    } catch {
      // `startWorkerThreads` throws when the solver does not compile.
    }
  }

  #onAnswer(slot: Slot, worker: JudgeThread, answer: WorkerAnswer): void {
    if (slot.worker !== worker || slot.pending?.id !== answer.id) return;
    if (answer.type === "begun") {
      this.#watch(slot, this.#options.watchdogMilliseconds);
    } else if (answer.type === "failed") {
      this.#replace(slot, { type: "abstained", reason: "crash" });
    } else if (answer.heapBytes > this.#options.heapBytesMax) {
      this.#replace(slot, answer.judgement);
    } else {
      slot.heapBytes = answer.heapBytes;
      worker.release();
      settle(slot, answer.judgement);
      this.#dispatch();
    }
  }

  #onEnd(slot: Slot, worker: JudgeThread): void {
    if (slot.worker !== worker) return;
    if (slot.pending !== undefined) {
      this.#replace(slot, { type: "abstained", reason: "crash" });
      return;
    }
    // An idle thread ended, and the next one may too: it is started when there is work.
    this.#replaced++;
    slot.worker = undefined;
    this.#end(worker);
  }

  /** Ends a thread, settles its job with a result, and starts another thread in its place. */
  #replace(slot: Slot, result: JobResult): void {
    this.#replaced++;
    const worker = slot.worker;
    slot.worker = undefined;
    if (worker !== undefined) this.#end(worker);
    settle(slot, result);
    if (this.#closed) return;
    this.#start(slot);
    this.#dispatch();
  }

  #end(worker: JudgeThread): void {
    const done = worker.end().finally(() => this.#ending.delete(done));
    this.#ending.add(done);
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (slot.pending !== undefined) continue;
      const pending = this.#queue.shift();
      if (pending === undefined) return;
      this.#assign(slot, slot.worker ?? this.#start(slot), pending);
    }
  }

  #assign(slot: Slot, worker: JudgeThread, pending: Pending): void {
    slot.pending = pending;
    this.#watch(slot, this.#options.startMilliseconds);
    worker.hold();
    const { id, payload, resourceLimit } = pending;
    worker.post({ type: "task", id, payload, resourceLimit });
  }

  #watch(slot: Slot, milliseconds: number): void {
    clearTimeout(slot.watchdog);
    slot.watchdog = setTimeout(
      () => this.#replace(slot, { type: "abstained", reason: "watchdog" }),
      milliseconds,
    );
  }

  #abort(pending: Pending): void {
    const queued = this.#queue.indexOf(pending);
    if (queued >= 0) {
      this.#queue.splice(queued, 1);
      pending.settle({ type: "abstained", reason: "aborted" });
      return;
    }
    const slot = this.#slots.find((candidate) => candidate.pending === pending);
    if (slot !== undefined) this.#replace(slot, { type: "abstained", reason: "aborted" });
  }
}

function settle(slot: Slot, result: JobResult): void {
  clearTimeout(slot.watchdog);
  const pending = slot.pending;
  slot.pending = undefined;
  pending?.settle(result);
}
