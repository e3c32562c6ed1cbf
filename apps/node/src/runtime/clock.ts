import type { Clock } from "@aethel/pbft";

/**
 * Creates access to the machine's clocks. The wall clock is returned as it is, even if it was set
 * back: a replica dates and checks proposals by it, and recovers as soon as the clock is right
 * again. All waiting uses the monotonic clock.
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
