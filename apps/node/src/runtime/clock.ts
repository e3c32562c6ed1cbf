import type { Clock } from "@aethel/pbft";

/** The machine's clock, made to never go back: a step backwards makes it stand still. */
export function createSystemClock(): Clock {
  let last = 0;
  return {
    now() {
      last = Math.max(last, Date.now());
      return last;
    },
    schedule(delayMs, action) {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
