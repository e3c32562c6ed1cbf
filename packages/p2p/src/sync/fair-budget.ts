import type { TokenBucket } from "../peers/token-bucket.ts";

/** Budget of work. Who wants some waits for its turn, and for all of it to be there. */
export interface FairBudget {
  /**
   * Takes `cost`, in the order of calls, once it is there; at most the whole budget. Rejects when
   * the signal aborts first: then nothing is taken.
   */
  reserve(cost: number, signal: AbortSignal): Promise<Reserved>;
  /** Takes `cost` at once, even if it is not there. */
  charge(cost: number): void;
}

/** Replaces what was reserved by what the work has cost, which gives the rest to who waits. */
export type Reserved = (cost: number) => void;

/** Calls an action once after a delay, unless the function that is returned is called before. */
type After = (delayMs: number, action: () => void) => () => void;

interface Waiting {
  readonly most: number;
  readonly start: (reserved: Reserved) => void;
}

/** Creates a budget over a bucket that holds at most `burst`. */
export function createFairBudget(options: {
  readonly bucket: TokenBucket;
  readonly burst: number;
  readonly after?: After;
}): FairBudget {
  const { bucket, burst, after = afterOnClock } = options;
  const line: Waiting[] = [];
  let cancel = (): void => undefined;

  /** Takes a cost if it is there. Returns the milliseconds until it is; 0: it was taken. */
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
