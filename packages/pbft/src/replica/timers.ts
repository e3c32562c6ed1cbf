import type { TimerName } from "../input.ts";
import type { Clock } from "../ports.ts";

/** Timers of a replica. A firing is ignored if its timer was stopped or restarted meanwhile. */
export interface Timers {
  start(timer: TimerName, delayMs: number): void;
  stop(timer: TimerName): void;
  /** Stops all timers permanently: none can be started afterwards. */
  stopAll(): void;
  /** Whether a firing is of the timer that runs now. If it is, ends that timer. */
  claim(firing: Firing): boolean;
}

/** Firing of a timer, which waits in the queue of inputs. */
export interface Firing {
  readonly timer: TimerName;
  readonly generation: number;
}

/** Creates timers over a clock. `onFire` may be called any time after `start`. */
export function createTimers(clock: Clock, onFire: (firing: Firing) => void): Timers {
  const running = new Map<TimerName, { cancel: () => void; generation: number }>();
  let generations = 0;
  let isOver = false;
  const stop = (timer: TimerName): void => {
    running.get(timer)?.cancel();
    running.delete(timer);
  };
  return {
    start(timer, delayMs) {
      stop(timer);
      if (isOver) return;
      generations += 1;
      const generation = generations;
      const cancel = clock.schedule(delayMs, () => onFire({ timer, generation }));
      running.set(timer, { cancel, generation });
      // The clock may have called back, and that may have stopped everything.
      if (isOver) stop(timer);
    },
    stop,
    stopAll() {
      isOver = true;
      for (const timer of running.keys()) stop(timer);
    },
    claim({ timer, generation }) {
      if (running.get(timer)?.generation !== generation) return false;
      running.delete(timer);
      return true;
    },
  };
}
