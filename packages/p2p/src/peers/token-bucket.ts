/**
 * Budget that refills evenly (token bucket): `ratePerSecond` in the long run, at most `burst` at
 * once.
 */
export interface TokenBucket {
  /** Takes `cost` tokens if the bucket has that many, and returns whether it did. */
  take(cost: number): boolean;
  /**
   * Takes `cost` tokens even if the bucket has fewer. Returns the milliseconds until the bucket is
   * no longer in debt.
   */
  owe(cost: number): number;
}

/** Creates a full bucket. `now` returns milliseconds of a monotonic clock. */
export function createTokenBucket(options: {
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly now: () => number;
}): TokenBucket {
  let tokens = options.burst;
  let last = options.now();
  const refill = (): void => {
    const now = options.now();
    const earned = (Math.max(0, now - last) * options.ratePerSecond) / 1_000;
    tokens = Math.min(options.burst, tokens + earned);
    last = now;
  };
  return {
    take(cost) {
      refill();
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
    owe(cost) {
      refill();
      tokens -= cost;
      return tokens >= 0 ? 0 : Math.ceil((-tokens * 1_000) / options.ratePerSecond);
    },
  };
}
