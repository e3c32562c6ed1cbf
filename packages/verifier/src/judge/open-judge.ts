import { VerifierError } from "../errors.ts";
import type { Judgement, JudgePayload } from "../judgement.ts";
import { RESOURCE_LIMIT_DEFAULT, RESOURCE_LIMIT_MAX } from "../limits.ts";
import type { Platform } from "../threads/platform.ts";
import { type JobResult, startWorkerThreads } from "../threads/worker-threads.ts";
import { createInFlightRequests } from "./in-flight.ts";
import { createVerdictCache, verdictKey } from "./verdict-cache.ts";

/** Judge: threads that judge payloads, and a cache of judgements. */
export interface Judge extends AsyncDisposable {
  /**
   * Judges a payload. The promise never rejects because of a payload: if the solver crashes or
   * hangs, it resolves to `abstained`. The bytes are copied, so they may change after the call.
   * Concurrent calls with an equal payload and limit share one run.
   *
   * @throws VerifierError `CLOSED` after `close`, `OPTION` for a limit out of range.
   */
  readonly check: (payload: JudgePayload, options?: CheckOptions) => Promise<Judgement>;
  /** Ends all threads. Checks that are running or waiting resolve to `abstained` (`aborted`). */
  readonly close: () => Promise<void>;
  /** Returns the counts since the Judge was created. */
  readonly statistics: () => JudgeStatistics;
}

/** Options of one check. */
export interface CheckOptions {
  /**
   * Limit of solver work for the whole payload, in units. The verdict depends on it. Default:
   * `RESOURCE_LIMIT_DEFAULT`.
   */
  readonly resourceLimit?: number;
  /**
   * Treatment of a check that does not end. `watchdog` (the default): it resolves to `abstained`.
   * `none`, for a caller that must have a verdict: if the watchdog, a crash or a full queue ends
   * the check, the Judge repeats it once, on a separate thread without a watchdog. Other checks go
   * on meanwhile.
   */
  readonly patience?: "watchdog" | "none";
  /**
   * Signal with which the caller gives up: the call resolves to `abstained` (`aborted`). If another
   * caller waits for the same payload, the thread goes on. Otherwise the thread is replaced.
   * Default: the caller waits for the result.
   */
  readonly signal?: AbortSignal;
}

/** Resource limits of a node. They decide whether there is a verdict, but never which one. */
export interface JudgeLimits {
  /**
   * Greatest number of payloads that wait. Checks beyond it resolve to `abstained` (`overloaded`).
   * Default 1024.
   */
  readonly queueMax: number;
  /**
   * Greatest wall-clock time for one payload, in milliseconds. A check that takes longer resolves
   * to `abstained`. Default 120,000.
   */
  readonly watchdogMilliseconds: number;
  /** Greatest number of judgements in the cache. Default 65,536. */
  readonly cacheMax: number;
  /** Greatest size of the cached judgements with their certificates, in bytes. Default 256 MiB. */
  readonly cacheBytesMax: number;
  /**
   * Greatest size of a solver's heap, in bytes. A thread with a larger heap is replaced after its
   * answer. Default 512 MiB.
   */
  readonly heapBytesMax: number;
}

/** Options of `createJudge`. */
export interface JudgeOptions {
  /** Number of threads. Default 1. More threads than cores gain nothing. */
  readonly workers?: number;
  readonly limits?: Partial<JudgeLimits>;
}

/** Counts since the Judge was created. */
export interface JudgeStatistics {
  readonly checks: number;
  readonly cacheHits: number;
  /** Number of checks that joined a running check of an equal payload with the same limit. */
  readonly merged: number;
  /**
   * Number of threads that were ended by the watchdog, a crash, an abort or a heap that was too
   * large.
   */
  readonly workersReplaced: number;
  /**
   * Size of each thread's solver heap after its last payload, in bytes. 0 before the first payload
   * of a thread.
   */
  readonly heapBytes: readonly number[];
}

const defaults: JudgeLimits = {
  queueMax: 1024,
  watchdogMilliseconds: 120_000,
  cacheMax: 65_536,
  cacheBytesMax: 256 * 1024 * 1024,
  heapBytesMax: 512 * 1024 * 1024,
};

/**
 * Greatest value of a limit, since timers can be set for at most this many milliseconds (24 days).
 */
const MILLISECONDS_MAX = 2 ** 31 - 1;

/**
 * Greatest time for the start of a thread, in milliseconds. On a busy machine a start takes
 * seconds.
 */
const START_MILLISECONDS = 120_000;

/** Starts a Judge on the threads of a platform (Node or a browser). */
export async function openJudge(options: JudgeOptions, platform: Platform): Promise<Judge> {
  const limits: JudgeLimits = { ...defaults, ...options.limits };
  const workers = options.workers ?? 1;
  natural("workers", workers, 256);
  for (const [option, value] of Object.entries(limits)) natural(option, value, MILLISECONDS_MAX);

  const cache = createVerdictCache({
    entriesMax: limits.cacheMax,
    bytesMax: limits.cacheBytesMax,
  });
  const startMilliseconds = START_MILLISECONDS;
  const threads = await startWorkerThreads({ ...limits, workers, startMilliseconds }, platform);
  const inFlight = createInFlightRequests();
  let patientThreads: ReturnType<typeof startWorkerThreads> | undefined;
  // Started when it is needed: most nodes never need it.
  const withoutWatchdog = (): ReturnType<typeof startWorkerThreads> => {
    const patient = { ...limits, workers: 1, watchdogMilliseconds: MILLISECONDS_MAX };
    patientThreads ??= startWorkerThreads({ ...patient, startMilliseconds }, platform);
    return patientThreads;
  };
  let closed = false;
  let checks = 0;
  let cacheHits = 0;

  async function check(payload: JudgePayload, how: CheckOptions = {}): Promise<Judgement> {
    if (closed) throw new VerifierError({ code: "CLOSED" });
    const resourceLimit = how.resourceLimit ?? RESOURCE_LIMIT_DEFAULT;
    natural("resourceLimit", resourceLimit, RESOURCE_LIMIT_MAX);
    checks++;
    const key = verdictKey(payload, resourceLimit);
    const known = cache.get(key);
    if (known !== undefined) {
      cacheHits++;
      return known;
    }
    const startOn =
      (open: () => typeof threads | Promise<typeof threads>) =>
      async (signal: AbortSignal): Promise<JobResult> => {
        const on = await open();
        const result = await on.run({ payload: copyOf(payload), resourceLimit, signal });
        if (result.type !== "abstained") cache.set(key, result);
        return result;
      };
    const { signal, patience = "watchdog" } = how;
    const result = await inFlight.join({ key, signal, start: startOn(() => threads) });
    const isAnswered = result.type !== "abstained" || result.reason === "aborted";
    if (isAnswered || patience === "watchdog" || closed) return result;
    return await inFlight.join({ key: `${key}/patient`, signal, start: startOn(withoutWatchdog) });
  }

  async function close(): Promise<void> {
    closed = true;
    await threads.close();
    await (await patientThreads)?.close();
  }

  return {
    check,
    close,
    statistics: () => ({
      checks,
      cacheHits,
      merged: inFlight.merged(),
      workersReplaced: threads.replaced,
      heapBytes: threads.heapBytes,
    }),
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Copies the payload's bytes. The key was computed from these bytes, so exactly these must be
 * judged.
 */
function copyOf(payload: JudgePayload): JudgePayload {
  return payload.type === "theorem"
    ? { ...payload, script: payload.script.slice() }
    : { ...payload, source: payload.source.slice() };
}

function natural(option: string, value: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return;
  throw new VerifierError({ code: "OPTION", option, reason: `${value} is not in 1 .. ${max}` });
}
