import type { Clock } from "../ports.ts";

/** Clock that has an elapsed time, in milliseconds, which never goes back. */
export interface SteadyClock extends Clock {
  elapsed(): number;
  /** Returns both times for an input: the time of day and the elapsed time. */
  times(): { readonly now: number; readonly elapsed: number };
}

/**
 * Returns a clock with an elapsed time, which all waiting and measuring uses. If `clock` has none,
 * it is the sum of the forward steps of `now`. A jump forward then counts once and a jump back not
 * at all, so that nothing waits for as long as the clock jumped (B34).
 */
export function steadyClock(clock: Clock): SteadyClock {
  let elapsed = 0;
  let last: number | undefined;
  const read = (): number => {
    const reading = clock.elapsed?.() ?? clock.now();
    elapsed += Math.max(0, reading - (last ?? reading));
    last = reading;
    return elapsed;
  };
  return {
    now: () => clock.now(),
    schedule: (delayMs, action) => clock.schedule(delayMs, action),
    elapsed: read,
    times: () => ({ now: clock.now(), elapsed: read() }),
  };
}
