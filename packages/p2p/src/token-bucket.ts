/** A budget that refills evenly: at most `ratePerSecond` for long, at most `burst` at once. */
export interface TokenBucket {
  /** Takes `cost` if that much is there; nothing otherwise. */
  take(cost: number): boolean;
}

/** Starts full. `now` gives milliseconds of a clock that never goes back. */
export function createTokenBucket(options: {
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly now: () => number;
}): TokenBucket {
  let tokens = options.burst;
  let last = options.now();
  return {
    take(cost) {
      const now = options.now();
      const earned = (Math.max(0, now - last) * options.ratePerSecond) / 1_000;
      tokens = Math.min(options.burst, tokens + earned);
      last = now;
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
  };
}
