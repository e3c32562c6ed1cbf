import type { Errand, Running } from "./errand.ts";
import { ErrandRun, type ErrandWorld } from "./errand-run.ts";

/**
 * Runner of errands (requests that any peer can answer). For each errand it asks several peers at
 * the same time, within bounds.
 */
export interface Errands {
  run(errand: Errand): Running;
  /** Cancels all errands and calls nothing afterwards. Resolves when no request is pending. */
  stop(): Promise<void>;
}

/**
 * Creates a runner of errands (requests that any peer can answer). It uses hedged requests (Dean
 * and Barroso, "The tail at scale", 2013). For an urgent errand it asks two peers immediately, or
 * only one if that peer's last answers were right and in time. It asks the next peer after half of
 * the usual time. The first right answer ends the errand. So a peer that does not answer costs a
 * fraction of a round trip. Later errands ask that peer last for a while.
 */
export function createErrands(
  options: Omit<ErrandWorld, "isStopped" | "track" | "onFree" | "onEnd">,
): Errands {
  const all = new Set<Running>();
  const pending = new Set<Promise<void>>();
  let stopped = false;
  const world: ErrandWorld = {
    ...options,
    isStopped: () => stopped,
    track(work) {
      const whole = work.finally(() => pending.delete(whole));
      pending.add(whole);
    },
    onFree() {
      for (const each of all) each.poke();
    },
    onEnd: (run) => void all.delete(run),
  };
  return {
    run(errand) {
      const running = new ErrandRun(errand, world);
      all.add(running);
      running.poke();
      return running;
    },
    async stop() {
      stopped = true;
      for (const each of all) each.cancel();
      await Promise.all(pending);
    },
  };
}
