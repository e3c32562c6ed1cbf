import type { Clock } from "../ports.ts";

/** Resolves after `delayMs` milliseconds, or immediately when `signal` aborts. */
export function pause(
  clock: Pick<Clock, "schedule">,
  delayMs: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.schedule(delayMs, done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
