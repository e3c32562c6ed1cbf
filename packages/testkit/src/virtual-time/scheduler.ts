import { setImmediate } from "node:timers";
import { assert } from "@aethel/models";
import { createEventQueue } from "./event-queue.ts";

/**
 * Virtual time: one queue of events ordered by (time, order of scheduling).
 *
 * `step` runs one event and then waits until every promise job that it set off has run, and every
 * job that those set off, before the next event. Node runs all promise jobs before it runs a
 * `setImmediate` callback, so one such callback proves quiescence, however long the chain of
 * promises was. Code in a world MUST wait for nothing but promises and this queue: no timers,
 * threads or files. Then the order of the events determines the order of everything.
 */
export interface Scheduler {
  /** Virtual milliseconds since the start of the world. */
  readonly nowMs: number;
  /** Events that have happened. */
  readonly steps: number;
  /** Schedules an action for a time from now on; the result cancels it. */
  at(atMs: number, action: () => void): () => void;
  /** Returns the time of the next event, or undefined when there is none. */
  nextMs(): number | undefined;
  /** Runs the next event and all promise jobs that follow from it; false if there was none. */
  step(): Promise<boolean>;
  /** Lets virtual time pass without an event, up to but not beyond the next one. */
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
