import type { JobResult } from "../threads/worker-threads.ts";

/** In-flight requests by key. Equal requests at the same time share one result. */
export interface InFlightRequests {
  /**
   * Joins the request in flight for `key`, or starts one. If `signal` is raised, only this caller
   * gives up. The request is aborted when its last caller has given up.
   */
  readonly join: (request: Request) => Promise<JobResult>;
  /** Returns the number of calls that joined a request in flight. */
  readonly merged: () => number;
}

/** Request of one caller. */
export interface Request {
  readonly key: string;
  readonly signal: AbortSignal | undefined;
  /** Starts the work. The given signal is raised when no caller is left. */
  readonly start: (signal: AbortSignal) => Promise<JobResult>;
}

interface InFlight {
  readonly result: Promise<JobResult>;
  readonly abort: AbortController;
  /** Number of callers that have not given up. */
  callers: number;
}

const ABORTED = { type: "abstained", reason: "aborted" } as const;

/**
 * Creates the table of in-flight requests. A request is removed when it ends, whether it succeeds
 * or fails.
 */
export function createInFlightRequests(): InFlightRequests {
  const inFlight = new Map<string, InFlight>();
  let merged = 0;

  function joinOrStart({ key, start }: Request): InFlight {
    const known = inFlight.get(key);
    if (known !== undefined) {
      merged++;
      return known;
    }
    const abort = new AbortController();
    const started = { result: start(abort.signal), abort, callers: 0 };
    inFlight.set(key, started);
    const forget = (): void => remove(key, started);
    started.result.then(forget, forget);
    return started;
  }

  /** Removes a request, so that later callers start a new one. */
  function remove(key: string, request: InFlight): void {
    if (inFlight.get(key) === request) inFlight.delete(key);
  }

  async function join(request: Request): Promise<JobResult> {
    const { key, signal } = request;
    if (signal?.aborted === true) return ABORTED;
    const joined = joinOrStart(request);
    joined.callers++;
    if (signal === undefined) return await joined.result;
    const gaveUp = Promise.withResolvers<JobResult>();
    const onAbort = (): void => {
      joined.callers--;
      gaveUp.resolve(ABORTED);
      if (joined.callers > 0) return;
      remove(key, joined);
      joined.abort.abort();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([joined.result, gaveUp.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  return { join, merged: () => merged };
}
