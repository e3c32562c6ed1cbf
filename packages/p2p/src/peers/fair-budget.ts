import type { TokenBucket } from "./token-bucket.ts";

/**
 * Budget of work that is given out in the order of requests. A request waits until its whole cost
 * is available.
 */
export interface FairBudget {
  /**
   * Takes `cost`, but at most the whole budget, as soon as it is available. Calls are served in
   * their order. Rejects if the signal aborts before that; then nothing is taken.
   */
  reserve(cost: number, signal: AbortSignal): Promise<Reserved>;
  /** Takes `cost` immediately, even if it is not available. */
  charge(cost: number): void;
}

/**
 * Replaces the reserved cost by the actual cost of the work. The difference becomes available to
 * those who wait.
 */
export type Reserved = (cost: number) => void;

/** Calls an action once after a delay. The returned function cancels that. */
type After = (delayMs: number, action: () => void) => () => void;

interface Waiting {
  readonly most: number;
  readonly start: (reserved: Reserved) => void;
}

/** Creates a budget over a bucket whose burst is `burst`. */
export function createFairBudget(options: {
  readonly bucket: TokenBucket;
  readonly burst: number;
  readonly after?: After;
}): FairBudget {
  const { bucket, burst, after = afterOnClock } = options;
  const line: Waiting[] = [];
  let cancel = (): void => undefined;

  /**
   * Takes a cost if it is available and returns 0. Otherwise returns the milliseconds until it is.
   */
  function take(cost: number): number {
    const waitMs = bucket.owe(cost);
    if (waitMs > 0) bucket.owe(-cost);
    return waitMs;
  }

  function serve(): void {
    cancel();
    for (let [first] = line; first !== undefined; [first] = line) {
      const { most, start } = first;
      const waitMs = take(most);
      if (waitMs > 0) {
        cancel = after(waitMs, serve);
        return;
      }
      line.shift();
      start((cost) => {
        bucket.owe(cost - most);
        serve();
      });
    }
  }

  return {
    reserve(cost, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Reserved>();
      const give = (): void => {
        const at = line.indexOf(waiting);
        if (at >= 0) line.splice(at, 1);
        reject(new Error("timed out"));
        serve();
      };
      const waiting: Waiting = {
        most: Math.min(cost, burst),
        start(reserved) {
          signal.removeEventListener("abort", give);
          resolve(reserved);
        },
      };
      if (signal.aborted) {
        give();
        return promise;
      }
      signal.addEventListener("abort", give, { once: true });
      line.push(waiting);
      serve();
      return promise;
    },
    charge: (cost) => void bucket.owe(cost),
  };
}

function afterOnClock(delayMs: number, action: () => void): () => void {
  const timer = setTimeout(action, delayMs).unref();
  return () => clearTimeout(timer);
}
