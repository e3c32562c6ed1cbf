import type { Clock } from "../ports.ts";

/** A clock whose elapsed time is there and never goes back. */
export interface SteadyClock extends Clock {
  elapsed(): number;
  /** Both times of an input. */
  times(): { readonly now: number; readonly elapsed: number };
}

/**
 * The clock with elapsed time by which waiting and measuring go. Where the clock has none, the steps
 * forward of `now` are added up: a jump ahead is counted once, and one back not at all, so that neither
 * makes anything wait for as long as it was (B34).
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
