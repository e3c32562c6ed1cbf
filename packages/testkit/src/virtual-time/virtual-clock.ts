import type { Clock } from "@aethel/pbft";
import { VIRTUAL_EPOCH_MS } from "../fixtures/test-genesis.ts";
import type { VirtualProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * Creates the clock of one process: `offsetMs` off the world's time at first, and `rate` faster
 * since. The time that it shows may jump; `elapsed` and its timers never do.
 */
export function createVirtualClock(options: {
  readonly scheduler: Scheduler;
  readonly process: VirtualProcess;
  readonly offsetMs?: number;
  readonly rate?: number;
  /** Returns how far it has been set ahead, or back. */
  readonly jumpedMs?: () => number;
}): Clock & Required<Pick<Clock, "elapsed">> {
  const { scheduler, process, offsetMs = 0, rate = 0, jumpedMs = () => 0 } = options;
  const passedMs = (): number => Math.floor(scheduler.nowMs * (1 + rate));
  return {
    now: () => VIRTUAL_EPOCH_MS + passedMs() + offsetMs + jumpedMs(),
    elapsed: passedMs,
    schedule: (delayMs, action) =>
      process.after(Math.ceil(Math.max(0, delayMs) / (1 + rate)), action),
  };
}
