import { VerifierError } from "../errors.ts";
import type { Judgement, JudgePayload } from "../judgement.ts";
import { RESOURCE_LIMIT_DEFAULT, RESOURCE_LIMIT_MAX } from "../limits.ts";
import type { Platform } from "../threads/platform.ts";
import { createWorkerPool, type JobResult } from "../threads/worker-threads.ts";
import { createFlights } from "./in-flight.ts";
import { createVerdictCache, verdictKey } from "./verdict-cache.ts";

/** A pool of judging threads with a memory of verdicts. */
export interface Judge extends AsyncDisposable {
  /**
   * Judges a payload. Never rejects for what a payload does: a solver that crashes or hangs gives
   * `abstained`. The bytes are copied to a thread, so they may change after the call. Calls for
   * the same payload and limit at the same time share one judging.
   *
   * @throws VerifierError `CLOSED` after `close`, `OPTION` for a limit out of range.
   */
  readonly check: (payload: JudgePayload, options?: CheckOptions) => Promise<Judgement>;
  /** Ends all threads; what was under way is abstained (`aborted`). */
  readonly close: () => Promise<void>;
  /** What the judge did since it was created. */
  readonly statistics: () => JudgeStatistics;
}

/** How one payload is judged. */
export interface CheckOptions {
  /** Units of solver work for the whole payload. Part of what decides the verdict. */
  readonly resourceLimit?: number;
  /**
   * Gives up: the result is `abstained` (`aborted`). The judging goes on while somebody else
   * waits for it; else its thread is replaced.
   */
  readonly signal?: AbortSignal;
}

/** What this node can bear. It decides whether there is a verdict, never which. */
export interface JudgeLimits {
  /** Payloads that may wait; further ones are abstained (`overloaded`). Default 1024. */
  readonly queueMax: number;
  /** Wall-clock time for judging one payload, then it is abstained. Default 120,000. */
  readonly watchdogMilliseconds: number;
  /** Judgements that are remembered. Default 65,536. */
  readonly cacheMax: number;
  /** Bytes of these, certificates included. Default 256 MiB. */
  readonly cacheBytesMax: number;
  /** A thread whose solver's heap grew beyond this is replaced. Default 512 MiB. */
  readonly heapBytesMax: number;
}

/** Options of `createJudge`. */
export interface JudgeOptions {
  /** Threads. Default 1; more than cores gains nothing. */
  readonly workers?: number;
  readonly limits?: Partial<JudgeLimits>;
}

/** Counts since the judge was created. */
export interface JudgeStatistics {
  readonly checks: number;
  readonly cacheHits: number;
  /** Checks that took part in one of the same payload and limit that was under way. */
  readonly merged: number;
  /** Threads ended by the watchdog, a crash, an abort, or for their memory. */
  readonly workersReplaced: number;
  /** Bytes of each thread's solver heap after its last payload, at most `heapBytesMax`. */
  readonly heapBytes: readonly number[];
}

const defaults: JudgeLimits = {
  queueMax: 1024,
  watchdogMilliseconds: 120_000,
  cacheMax: 65_536,
  cacheBytesMax: 256 * 1024 * 1024,
  heapBytesMax: 512 * 1024 * 1024,
};

/** For the start of a thread, which takes a second or some on a busy machine. */
const START_MILLISECONDS = 120_000;

/** Starts the judging threads of a platform. */
export async function openJudge(options: JudgeOptions, platform: Platform): Promise<Judge> {
  const limits: JudgeLimits = { ...defaults, ...options.limits };
  const workers = options.workers ?? 1;
  natural("workers", workers, 256);
  for (const [option, value] of Object.entries(limits)) natural(option, value, 2 ** 31 - 1);

  const cache = createVerdictCache({
    entriesMax: limits.cacheMax,
    bytesMax: limits.cacheBytesMax,
  });
  const startMilliseconds = START_MILLISECONDS;
  const pool = await createWorkerPool({ ...limits, workers, startMilliseconds }, platform);
  const flights = createFlights();
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
    const launch = async (signal: AbortSignal): Promise<JobResult> => {
      const result = await pool.run({ payload: copyOf(payload), resourceLimit, signal });
      if (result.type !== "abstained") cache.set(key, result);
      return result;
    };
    return await flights.join({ key, signal: how.signal, launch });
  }

  async function close(): Promise<void> {
    closed = true;
    await pool.close();
  }

  return {
    check,
    close,
    statistics: () => ({
      checks,
      cacheHits,
      merged: flights.merged(),
      workersReplaced: pool.replaced(),
      heapBytes: pool.heapBytes(),
    }),
    [Symbol.asyncDispose]: close,
  };
}

/** The key was computed from these bytes, so these and no later ones are judged. */
function copyOf(payload: JudgePayload): JudgePayload {
  return payload.type === "theorem"
    ? { ...payload, script: payload.script.slice() }
    : { ...payload, source: payload.source.slice() };
}

function natural(option: string, value: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return;
  throw new VerifierError({ code: "OPTION", option, reason: `${value} is not in 1 .. ${max}` });
}
