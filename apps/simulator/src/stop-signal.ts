/** A wish to end, as an abort. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** One Ctrl-C reaches a process more than once, by way of npm and the terminal. */
const SAME_MS = 1_000;

/** Whoever asks to end at the terminal: killed by SIGINT. */
export const INTERRUPTED = 130;

/**
 * The first SIGINT, SIGTERM or SIGHUP asks to end and to say how far it came; one that comes later,
 * while that takes long, ends the process at once.
 */
export function listenForStop(): StopSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    first ??= now;
    controller.abort();
    if (now - first >= SAME_MS) process.exit(INTERRUPTED);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
