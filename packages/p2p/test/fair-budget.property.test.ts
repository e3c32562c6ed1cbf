import fc from "fast-check";
import { expect, test } from "vitest";
import { createFairBudget } from "../src/peers/fair-budget.ts";
import { createTokenBucket } from "../src/peers/token-bucket.ts";
import { createTime } from "./virtual-time.ts";

const RATE = 100;
const BURST = 200;

/** A request: when it comes, what it reserves and what it costs, and how long its work takes. */
interface Ask {
  readonly at: number;
  readonly most: number;
  /** Share of `most` that the work has cost. */
  readonly share: number;
  readonly workMs: number;
  /** Milliseconds after which its asker gives up. */
  readonly patienceMs: number;
}

const asks: fc.Arbitrary<readonly Ask[]> = fc.array(
  fc.record({
    at: fc.nat({ max: 3_000 }),
    most: fc.oneof(fc.constantFrom(0, 1, BURST, 3 * BURST), fc.nat({ max: BURST })),
    share: fc.constantFrom(0, 0.01, 0.5, 1),
    workMs: fc.nat({ max: 500 }),
    patienceMs: fc.oneof(fc.constant(1_000_000), fc.nat({ max: 2_000 })),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Runs requests against one budget; returns when each one's work began, in order. */
async function play(all: readonly Ask[]) {
  const { now, after, run } = createTime();
  const bucket = createTokenBucket({ ratePerSecond: RATE, burst: BURST, now });
  const budget = createFairBudget({ bucket, burst: BURST, after });
  const began: { readonly index: number; readonly at: number; readonly cost: number }[] = [];
  const gaveUp = new Map<number, number>();
  for (const [index, ask] of all.entries()) {
    after(ask.at, () => {
      const asker = new AbortController();
      after(ask.patienceMs, () => asker.abort());
      budget.reserve(ask.most, asker.signal).then(
        (reserved) => {
          const cost = Math.min(ask.most, BURST) * ask.share;
          began.push({ index, at: now(), cost });
          after(ask.workMs, () => reserved(cost));
        },
        () => gaveUp.set(index, now()),
      );
    });
  }
  await run();
  return { began, gaveUp };
}

test("whatever is asked and given up, no more work begins than the budget pays for", async () => {
  await fc.assert(
    fc.asyncProperty(asks, async (all) => {
      const { began, gaveUp } = await play(all);
      let cost = 0;
      for (const one of began) {
        cost += one.cost;
        expect(cost).toBeLessThanOrEqual(BURST + (RATE * one.at) / 1_000 + 1e-6);
      }

      // Each one begins once, or was given up when its asker had no more patience.
      expect(began.length + gaveUp.size).toBe(all.length);
      for (const [index, at] of gaveUp) {
        const { at: asked = 0, patienceMs = 0 } = all[index] ?? {};
        expect(at).toBe(asked + patienceMs);
      }
    }),
    { numRuns: 400 },
  );
});

test("work begins in the order of asking, and a large piece is not passed by small ones", async () => {
  await fc.assert(
    fc.asyncProperty(asks, async (all) => {
      const { began } = await play(all.map((ask) => ({ ...ask, patienceMs: 1_000_000 })));
      const order = [...all.entries()].toSorted(([a, x], [b, y]) => x.at - y.at || a - b);
      expect(began.map(({ index }) => index)).toEqual(order.map(([index]) => index));
    }),
    { numRuns: 200 },
  );
});

test("what was reserved and not needed is there at once for those who wait", async () => {
  const all = Array.from({ length: 9 }, (_, at) => ({
    at,
    most: 2 * BURST,
    share: 0,
    workMs: 10,
    patienceMs: 1_000_000,
  }));
  const { began } = await play(all);
  // Each waits for the work before it, and for no token.
  expect(began.map(({ at }) => at)).toEqual(all.map((_, index) => 10 * index));
});

test("who gives up takes nothing", async () => {
  const ask = { most: BURST, share: 1, workMs: 0, patienceMs: 1_000_000 };
  const { began, gaveUp } = await play([
    { ...ask, at: 0 },
    { ...ask, at: 1, patienceMs: 50 },
    { ...ask, at: 2 },
  ]);
  expect([...gaveUp]).toEqual([[1, 51]]);
  expect(began.map(({ index, at }) => [index, at])).toEqual([
    [0, 0],
    [2, 2_000],
  ]);
});
