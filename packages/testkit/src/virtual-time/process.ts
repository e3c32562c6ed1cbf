import type { Scheduler } from "./scheduler.ts";

/**
 * One incarnation of a node, from start to crash. All of its actions run through this object, so a
 * crash ends it at once and a pause delays all of them.
 */
export interface VirtualProcess {
  readonly state: "running" | "paused" | "crashed";
  /**
   * Runs `action` now if the process is running, after the pause if it is paused, and never if it
   * has crashed.
   */
  run(action: () => void): void;
  /**
   * Runs `action` after a delay, under the same conditions as `run`. Returns a function that
   * cancels it.
   */
  after(delayMs: number, action: () => void): () => void;
  /** Defers all actions that become due from now on. */
  pause(): void;
  /** Runs the deferred actions in the order in which they became due. */
  resume(): void;
  /** Ends the process: none of its actions runs any more. */
  crash(): void;
}

/** Creates a running process. */
export function createProcess(scheduler: Scheduler): VirtualProcess {
  let state: VirtualProcess["state"] = "running";
  let held: (() => void)[] = [];
  const run = (action: () => void): void => {
    if (state === "running") action();
    else if (state === "paused") held.push(action);
  };
  return {
    get state() {
      return state;
    },
    run,
    after(delayMs, action) {
      let wanted = true;
      const whenWanted = (): void => {
        if (wanted) action();
      };
      const cancel = scheduler.at(scheduler.nowMs + delayMs, () => run(whenWanted));
      return () => {
        wanted = false;
        cancel();
      };
    },
    pause() {
      if (state === "running") state = "paused";
    },
    resume() {
      if (state !== "paused") return;
      state = "running";
      const actions = held;
      held = [];
      // Each action is an event of its own: an earlier one may change what the next one finds.
      for (const action of actions) scheduler.at(scheduler.nowMs, () => run(action));
    },
    crash() {
      state = "crashed";
      held = [];
    },
  };
}
