import { setImmediate } from "node:timers";
import { assert } from "@aethel/models";
import { createEventQueue } from "./event-queue.ts";

/**
 * Virtual time: one queue of events, ordered by time and then by order of scheduling.
 *
 * `step` runs one event and then waits until all promise jobs have run that the event caused,
 * directly or through other promise jobs. Node runs all promise jobs before it runs a
 * `setImmediate` callback, so one such callback proves that none is left. Code in a world MUST wait
 * for nothing but promises and this queue: no timers, threads or files. Then the order of the
 * events determines everything else.
 */
export interface Scheduler {
  /** Virtual milliseconds since the start of the world. */
  readonly nowMs: number;
  /** Number of events that have happened since the start of the world. */
  readonly steps: number;
  /**
   * Schedules an action for a virtual time in milliseconds; a time in the past means now. Returns a
   * function that cancels it.
   */
  at(atMs: number, action: () => void): () => void;
  /** Returns the virtual time of the next event in milliseconds. Undefined if there is none. */
  nextMs(): number | undefined;
  /** Runs the next event and all promise jobs that follow from it; false if there was none. */
  step(): Promise<boolean>;
  /** Moves virtual time forward without an event. MUST NOT pass the next event. */
  advanceTo(atMs: number): void;
}

/** Creates a scheduler at time 0. */
export function createScheduler(): Scheduler {
  const queue = createEventQueue();
  let nowMs = 0;
  let steps = 0;
  let order = 0;
  return {
    get nowMs() {
      return nowMs;
    },
    get steps() {
      return steps;
    },
    at(atMs, action) {
      const event = { atMs: Math.max(nowMs, atMs), order: order++, action, cancelled: false };
      queue.push(event);
      return () => {
        event.cancelled = true;
      };
    },
    nextMs: () => queue.peek()?.atMs,
    async step() {
      const event = queue.pop();
      if (event === undefined) return false;
      assert(event.atMs >= nowMs, "virtual time never goes back");
      nowMs = event.atMs;
      steps += 1;
      event.action();
      await settled();
      return true;
    },
    advanceTo(atMs) {
      const next = queue.peek()?.atMs;
      assert(next === undefined || next >= atMs, "no event is skipped");
      nowMs = Math.max(nowMs, atMs);
    },
  };
}

/** Resolves when no promise job is left to run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
