import type { Clock } from "@aethel/pbft";

/**
 * Provides the machine's clocks. The wall clock is returned unchanged, even if it was set back. A
 * replica dates and checks proposals by it, and recovers as soon as the clock is right again.
 * Everything that waits uses the monotonic clock.
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
