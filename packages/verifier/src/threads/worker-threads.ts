import type { Abstained, Judged, JudgePayload, Rejected } from "../judgement.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";
import type { JudgeThread, Platform } from "./platform.ts";
import type { WorkerAnswer } from "./worker-protocol.ts";

/** A payload on its way through the pool. */
export interface Job {
  readonly payload: JudgePayload;
  readonly resourceLimit: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came of a job. */
export type JobResult = Judged | Rejected | Abstained;

/** Threads that judge, one payload each at a time. A thread that fails is replaced alone. */
export interface WorkerPool {
  readonly run: (job: Job) => Promise<JobResult>;
  readonly close: () => Promise<void>;
  /** Threads that had to be ended since the start, by the watchdog, a crash or an abort. */
  readonly replaced: () => number;
  /** Bytes of each thread's solver heap after its last payload; 0 where it had none yet. */
  readonly heapBytes: () => readonly number[];
}

/** How a pool is made. None of it can change a verdict, only whether there is one. */
export interface PoolOptions {
  readonly workers: number;
  readonly queueMax: number;
  /** From giving a payload to a thread until it begins: a thread that is new has to start first. */
  readonly startMilliseconds: number;
  /** From there to the answer. */
  readonly watchdogMilliseconds: number;
  /** A thread whose solver's heap grew beyond this is replaced after its answer. */
  readonly heapBytesMax: number;
}

interface Pending extends Job {
  readonly id: number;
  readonly settle: (result: JobResult) => void;
}

interface Slot {
  worker: JudgeThread | undefined;
  pending: Pending | undefined;
  watchdog: ReturnType<typeof setTimeout> | undefined;
  heapBytes: number;
}

/** Starts the threads at once; the first verdict waits for one of them only. */
export async function createWorkerPool(
  options: PoolOptions,
  platform: Platform,
): Promise<WorkerPool> {
  const compiling = Promise.withResolvers<WasmModule>();
  const queue: Pending[] = [];
  const ending = new Set<Promise<unknown>>();
  let nextId = 0;
  let closed = false;
  let replaced = 0;
  const slots: Slot[] = Array.from({ length: options.workers }, () => {
    const slot: Slot = { worker: undefined, pending: undefined, watchdog: undefined, heapBytes: 0 };
    start(slot);
    return slot;
  });

  function start(slot: Slot): JudgeThread {
    const worker = platform.startThread({
      onAnswer: (answer) => onAnswer(slot, worker, answer),
      onEnd: () => onCrash(slot, worker),
    });
    slot.worker = worker;
    slot.heapBytes = 0;
    void tell(worker);
    return worker;
  }

  async function tell(worker: JudgeThread): Promise<void> {
    try {
      const module = await compiling.promise;
      worker.post({ type: "start", module });
      // All threads have the code before anybody looks for the images.
      const images = await platform.loadImages();
      worker.post({ type: "images", images });
    } catch {
      // A solver that does not compile is told by the pool's own promise.
    }
  }

  function onAnswer(slot: Slot, worker: JudgeThread, answer: WorkerAnswer): void {
    if (slot.worker !== worker || slot.pending?.id !== answer.id) return;
    if (answer.type === "begun") {
      watch(slot, options.watchdogMilliseconds);
    } else if (answer.type === "failed") {
      replace(slot, { type: "abstained", reason: "crash" });
    } else if (answer.heapBytes > options.heapBytesMax) {
      replace(slot, answer.judgement);
    } else {
      slot.heapBytes = answer.heapBytes;
      worker.release();
      settle(slot, answer.judgement);
      dispatch();
    }
  }

  function onCrash(slot: Slot, worker: JudgeThread): void {
    if (slot.worker !== worker) return;
    if (slot.pending !== undefined) {
      replace(slot, { type: "abstained", reason: "crash" });
      return;
    }
    // It ended with nothing to do, so the next one may too: that one waits until there is work.
    replaced++;
    slot.worker = undefined;
    end(worker);
  }

  /** Ends a thread, answers what it was working on, and puts a new one in its place. */
  function replace(slot: Slot, result: JobResult): void {
    replaced++;
    const worker = slot.worker;
    slot.worker = undefined;
    if (worker !== undefined) end(worker);
    settle(slot, result);
    if (closed) return;
    start(slot);
    dispatch();
  }

  function end(worker: JudgeThread): void {
    const done = worker.end().finally(() => ending.delete(done));
    ending.add(done);
  }

  function settle(slot: Slot, result: JobResult): void {
    clearTimeout(slot.watchdog);
    const pending = slot.pending;
    slot.pending = undefined;
    pending?.settle(result);
  }

  function dispatch(): void {
    for (const slot of slots) {
      if (slot.pending !== undefined) continue;
      const pending = queue.shift();
      if (pending === undefined) return;
      assign(slot, slot.worker ?? start(slot), pending);
    }
  }

  function assign(slot: Slot, worker: JudgeThread, pending: Pending): void {
    slot.pending = pending;
    watch(slot, options.startMilliseconds);
    worker.hold();
    const { id, payload, resourceLimit } = pending;
    worker.post({ type: "task", id, payload, resourceLimit });
  }

  function watch(slot: Slot, milliseconds: number): void {
    clearTimeout(slot.watchdog);
    slot.watchdog = setTimeout(
      () => replace(slot, { type: "abstained", reason: "watchdog" }),
      milliseconds,
    );
  }

  function abort(pending: Pending): void {
    const queued = queue.indexOf(pending);
    if (queued >= 0) {
      queue.splice(queued, 1);
      pending.settle({ type: "abstained", reason: "aborted" });
      return;
    }
    const slot = slots.find((candidate) => candidate.pending === pending);
    if (slot !== undefined) replace(slot, { type: "abstained", reason: "aborted" });
  }

  async function run(job: Job): Promise<JobResult> {
    if (closed || job.signal?.aborted === true) return { type: "abstained", reason: "aborted" };
    if (queue.length >= options.queueMax) return { type: "abstained", reason: "overloaded" };
    return await new Promise((resolve) => {
      const onAbort = (): void => abort(pending);
      const pending: Pending = {
        ...job,
        id: nextId++,
        settle: (result) => {
          job.signal?.removeEventListener("abort", onAbort);
          resolve(result);
        },
      };
      job.signal?.addEventListener("abort", onAbort, { once: true });
      queue.push(pending);
      dispatch();
    });
  }

  async function close(): Promise<void> {
    closed = true;
    for (const pending of queue.splice(0)) pending.settle({ type: "abstained", reason: "aborted" });
    for (const slot of slots) {
      if (slot.worker !== undefined) replace(slot, { type: "abstained", reason: "aborted" });
    }
    await Promise.all(ending);
  }

  try {
    // After the threads were started: they start while this reads and compiles.
    compiling.resolve(platform.compileSolver());
    await compiling.promise;
  } catch (error) {
    await close();
    throw error;
  }
  return {
    run,
    close,
    replaced: () => replaced,
    heapBytes: () => slots.map((slot) => slot.heapBytes),
  };
}
