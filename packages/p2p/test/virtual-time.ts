/** Virtual time: actions run in order of their time, and promises settle between them. */
export function createTime(): {
  readonly now: () => number;
  readonly after: (delayMs: number, action: () => void) => () => void;
  /** Lets time pass until nothing is due any more. */
  readonly run: () => Promise<void>;
} {
  let now = 0;
  let serial = 0;
  const due = new Map<number, { readonly at: number; readonly action: () => void }>();
  const after = (delayMs: number, action: () => void): (() => void) => {
    const name = serial++;
    due.set(name, { at: now + delayMs, action });
    return () => void due.delete(name);
  };
  const run = async (): Promise<void> => {
    for (let steps = 0; due.size > 0; steps++) {
      if (steps > 10_000) throw new Error("time goes on for ever");
      const [next] = [...due].toSorted(([a, x], [b, y]) => x.at - y.at || a - b);
      if (next === undefined) return;
      due.delete(next[0]);
      now = Math.max(now, next[1].at);
      next[1].action();
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    }
  };
  return { now: () => now, after, run };
}
