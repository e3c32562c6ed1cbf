import type { Clock } from "@aethel/pbft";

/**
 * The machine's clocks. The time of day is told as it is, also when somebody has put it back: a
 * replica dates and checks proposals by it and recovers as soon as it is right. All waiting goes by
 * the monotonic clock, which nobody sets.
 */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    schedule(delayMs, action) {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
