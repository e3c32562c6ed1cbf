import type { Clock } from "@aethel/pbft";
import { VIRTUAL_EPOCH_MS } from "../test-genesis.ts";
import type { VirtualProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

/** The clock of one process. It is `offsetMs` off the world's time, for ever. */
export function createVirtualClock(options: {
  readonly scheduler: Scheduler;
  readonly process: VirtualProcess;
  readonly offsetMs?: number;
}): Clock {
  const { scheduler, process, offsetMs = 0 } = options;
  return {
    now: () => VIRTUAL_EPOCH_MS + scheduler.nowMs + offsetMs,
    schedule: (delayMs, action) => process.after(Math.max(0, delayMs), action),
  };
}
