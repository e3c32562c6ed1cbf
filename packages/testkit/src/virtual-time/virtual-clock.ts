import type { Clock } from "@aethel/pbft";
import { VIRTUAL_EPOCH_MS } from "../fixtures/test-genesis.ts";
import type { VirtualProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * Creates the clock of one process. It is `offsetMs` milliseconds ahead of the world's time at
 * first (negative: behind), and it runs faster by the fraction `rate`. The time of day that it
 * shows may jump; `elapsed` and its timers never do.
 */
export function createVirtualClock(options: {
  readonly scheduler: Scheduler;
  readonly process: VirtualProcess;
  readonly offsetMs?: number;
  readonly rate?: number;
  /** Returns the milliseconds by which the clock has been set ahead; negative: back. */
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
