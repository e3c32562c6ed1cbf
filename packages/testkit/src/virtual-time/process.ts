import type { Scheduler } from "./scheduler.ts";

/**
 * One incarnation of a node, from start to crash. Everything that it will do goes through here, so
 * a crash ends it at once and a pause delays it.
 */
export interface VirtualProcess {
  readonly state: "running" | "paused" | "crashed";
  /** Runs `action` now, after the pause if there is one, or never if the process is gone. */
  run(action: () => void): void;
  /** Runs `action` after a delay, under the same conditions; the result cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /** Holds back what becomes due from now on. */
  pause(): void;
  /** Runs what was held back, in its order. */
  resume(): void;
  /** Ends the process: nothing of it happens any more. */
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
