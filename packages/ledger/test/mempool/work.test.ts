import { Session } from "node:inspector";
import { expect, test } from "vitest";

/*
 * Work is counted, not timed: how often each block of the ledger's sources runs. V8 counts blocks of
 * what it compiles after this, so the sources are loaded afterwards.
 */
const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
const { createChain } = await import("../../bench/chain.ts");
const { ORDERS } = await import("../../bench/orders.ts");

/** Counts the executed code blocks of the ledger's sources. */
function countWork(action: () => void): number {
  let work = 0;
  const take = (isCounted: boolean): void =>
    session.post("Profiler.takePreciseCoverage", (error, taken) => {
      if (error !== null) throw error;
      for (const { url, functions } of isCounted ? taken.result : []) {
        if (!url.includes("/ledger/src/")) continue;
        for (const { ranges } of functions) for (const { count } of ranges) work += count;
      }
    });
  take(false);
  action();
  take(true);
  return work;
}

const FEW = 500;
const MANY = 10 * FEW;
const on = createChain({ accounts: 2 * MANY + 1, senders: 1 });

test.each(ORDERS)("ten times as many cost hardly more each: $name", ({ prepare }) => {
  const [few = 0, many = 0] = [FEW, MANY].map((n) => {
    const { run, operations } = prepare(on, n);
    return countWork(run) / operations;
  });

  // With log n it grows by a third; where all that wait were looked at, tenfold.
  expect(few).toBeGreaterThan(10);
  expect(many).toBeLessThan(2 * few);
  expect(many).toBeLessThan(1_000);
});
