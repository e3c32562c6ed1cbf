import { toAccountId, toAmount } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admitPowerChanges,
  DEFAULT_ECONOMICS,
  emissionCap,
  RewardsError,
  scheduledSupply,
} from "../src/index.ts";

/** Millionths of a second's emission that each millisecond brings, added up one by one. */
function issuedOneByOne(age: number, rate: bigint, halvingMs: number): bigint {
  let sum = 0n;
  for (let ms = 0; ms < age; ms += 1) sum += rate >> BigInt(Math.floor(ms / halvingMs));
  return sum / 1_000n;
}

describe("P20: the schedule", () => {
  test("is what its milliseconds bring one by one, rounded down once, in any era", () => {
    const cases = fc.record({
      rate: fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: 5_000n })),
      halvingMs: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3_000 })),
      from: fc.nat({ max: 2_500 }),
      step: fc.nat({ max: 2_500 }),
    });
    fc.assert(
      fc.property(cases, ({ rate, halvingMs, from, step }) => {
        const economics = { ...DEFAULT_ECONOMICS, emissionPerSecond: toAmount(rate), halvingMs };
        const until = from + step;
        const [earlier, later] = [from, until].map((age) => issuedOneByOne(age, rate, halvingMs));
        expect(scheduledSupply(until, economics)).toBe(later);
        const due = (later ?? 0n) - (earlier ?? 0n);
        expect(emissionCap({ fromMs: from, untilMs: until }, economics)).toBe(due);
      }),
      { numRuns: 500 },
    );
  });

  test("brings a micro-token when it is whole, and not a millisecond before", () => {
    for (const rate of [1n, 3n, 7n, 999n, 1_000n]) {
      const economics = { ...DEFAULT_ECONOMICS, emissionPerSecond: toAmount(rate) };
      for (let age = 0; age <= 2_000; age += 1) {
        expect(scheduledSupply(age, economics)).toBe((BigInt(age) * rate) / 1_000n);
      }
    }
  });
});

describe("powers that no ledger has", () => {
  const validator = toAccountId(new Uint8Array(32).fill(1));
  const faultOf = (act: () => unknown): unknown => {
    try {
      act();
      return undefined;
    } catch (error) {
      if (!(error instanceof RewardsError)) throw error;
      return error.fault;
    }
  };

  test("are refused with what they are, and those that one may have are not", () => {
    const power = fc.bigInt({ min: -3n, max: 5n });
    fc.assert(
      fc.property(power, power, power, power, (totalPower, spent, from, to) => {
        const changes = [{ validator, from, to }];
        const fault = faultOf(() => admitPowerChanges({ totalPower, spent, changes }));
        const range = (what: string, value: bigint): unknown => ({
          code: "RANGE",
          what,
          reason: `${value} is too small`,
        });
        if (totalPower <= 0n) expect(fault).toEqual(range("total power", totalPower));
        else if (spent < 0n) expect(fault).toEqual(range("spent power", spent));
        else if (from < 0n) expect(fault).toEqual(range("power", from));
        else if (to < 0n) expect(fault).toEqual(range("power", to));
        else expect(fault).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});
