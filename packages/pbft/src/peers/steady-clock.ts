import type { Clock } from "../ports.ts";

/** Clock that has an elapsed time, in milliseconds, which never goes back. */
export interface SteadyClock extends Clock {
  elapsed(): number;
  /** Both times of an input. */
  times(): { readonly now: number; readonly elapsed: number };
}

/**
 * Returns a clock with the elapsed time that waiting and measuring go by. If `clock` has none, the
 * forward steps of `now` are added up. A jump ahead counts once and a jump back not at all, so
 * neither makes anything wait for as long as the clock jumped (B34).
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
