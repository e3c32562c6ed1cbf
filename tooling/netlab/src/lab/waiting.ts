/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const POLL_MS = 100;

/**
 * Asks until the answer is true, and returns the milliseconds until then. Undefined if it is not
 * within `withinMs`. A question that fails counts as false.
 */
export async function timeUntil(
  ask: () => Promise<boolean> | boolean,
  withinMs: number,
): Promise<number | undefined> {
  const begun = performance.now();
  for (;;) {
    const holds = await Promise.resolve()
      .then(ask)
      .catch(() => false);
    const elapsed = performance.now() - begun;
    if (holds) return elapsed;
    if (elapsed > withinMs) return undefined;
    await pause(POLL_MS);
  }
}
