/** Signals of this process, as one abort. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
  /** Resolves when the process is asked to end. */
  readonly stopped: Promise<void>;
}

/** One Ctrl-C reaches a process more than once, by way of npm and the terminal. */
const SAME_MS = 1_000;

/**
 * The first SIGINT, SIGTERM or SIGHUP asks to end in order; one that comes later, while that takes
 * long, ends the process at once, after `force`.
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
    process.exit(130);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stopped,
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
