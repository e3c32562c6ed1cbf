import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSenderBudgets, verificationLimit } from "../src/inbox/sender-budget.ts";

describe("what a sender may cost", () => {
  test("B23: 16 + 4 a block + n/4 verifications a second, and 64 + 6n at once", () => {
    for (const [minBlockIntervalMs, n, perSecond] of [
      [1_000, 4, 21],
      [100, 4, 57],
      [0, 4, 4_017],
      [500, 100, 49],
      [3_000, 7, 20],
    ] as const) {
      const limit = verificationLimit({ minBlockIntervalMs }, n);
      expect(limit).toEqual({ perSecond, burst: 64 + 6 * n });
    }
  });

  test("B23: a budget is full at first, refills evenly, never above full, and each has its own", () => {
    const steps = fc.array(
      fc.record({
        who: fc.nat({ max: 2 }),
        after: fc.nat({ max: 3_000 }),
        cost: fc.nat({ max: 60 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        let now = 0;
        const limit = { perSecond: 10, burst: 50 };
        const budgets = createSenderBudgets({ now: () => now, limit: () => limit });
        const left = [50, 50, 50];
        for (const { who, after, cost } of all) {
          now += after;
          for (const [each, had] of left.entries()) left[each] = Math.min(50, had + after / 100);
          const has = left[who] ?? 0;
          // Rounding of a millisecond apart.
          if (Math.abs(has - 1) > 1e-6) expect(budgets.mayCost(`${who}`)).toBe(has >= 1);
          if (has < 1) continue;
          budgets.charge(`${who}`, cost);
          left[who] = has - cost;
        }
      }),
    );
  });

  test("senders that are remembered are bounded, and the one longest unheard of is forgotten", () => {
    const limit = { perSecond: 0, burst: 1 };
    const budgets = createSenderBudgets({ now: () => 0, limit: () => limit });
    for (let sender = 0; sender < 4_096; sender++) budgets.charge(`${sender}`, 1);
    expect(budgets.mayCost("0")).toBe(false);
    budgets.charge("1", 1);
    budgets.charge("other", 0);
    expect(budgets.mayCost("0")).toBe(false);

    budgets.charge("other", 1);

    expect(budgets.mayCost("0")).toBe(true);
    expect(budgets.mayCost("1")).toBe(false);
    expect(budgets.mayCost("2")).toBe(false);
    expect(budgets.mayCost("other")).toBe(false);
  });
});
