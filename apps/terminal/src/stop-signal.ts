/** Abort signal for the operating-system signals that ask this process to end. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
  /** Resolves when the process has received a signal to end. */
  readonly stopped: Promise<void>;
}

/**
 * Milliseconds after the first signal within which further signals count as the same one. A single
 * Ctrl-C can reach a process twice, from the terminal and from npm.
 */
const SAME_MS = 1_000;

/** Exit code of an interrupted process: 128 and the number of SIGINT. */
export const INTERRUPTED = 130;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Listens for signals. The first SIGINT, SIGTERM or SIGHUP aborts, so that the command can clean up
 * and end. A signal that comes a second or more after the first calls `force` and ends the process
 * immediately.
 */
export function listenForStop({ force }: { readonly force?: () => void } = {}): StopSignal {
  const controller = new AbortController();
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  let first: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    first ??= now;
    controller.abort(new Error("interrupted"));
    resolve();
    if (now - first < SAME_MS) return;
    force?.();
    process.exit(INTERRUPTED);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stopped,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
