import type { Clock } from "@aethel/pbft";
import { VIRTUAL_EPOCH_MS } from "../test-genesis.ts";
import type { VirtualProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

/** The clock of one process: `offsetMs` off the world's time at first, and `rate` faster since. */
export function createVirtualClock(options: {
  readonly scheduler: Scheduler;
  readonly process: VirtualProcess;
  readonly offsetMs?: number;
  readonly rate?: number;
}): Clock {
  const { scheduler, process, offsetMs = 0, rate = 0 } = options;
  return {
    now: () => VIRTUAL_EPOCH_MS + Math.floor(scheduler.nowMs * (1 + rate)) + offsetMs,
    schedule: (delayMs, action) =>
      process.after(Math.ceil(Math.max(0, delayMs) / (1 + rate)), action),
  };
}
