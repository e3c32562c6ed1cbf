import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  additionUnits,
  divisionUnits,
  multiplicationUnits,
  UNITS,
  wordsOf,
} from "../../src/index.ts";

const numbers = fc.bigInt({ min: -(1n << 1_024n), max: 1n << 1_024n });

describe("units of arithmetic", () => {
  test("words are the bits of the magnitude in 64s, rounded up, one at least", () => {
    fc.assert(
      fc.property(numbers, (value) => {
        const magnitude = value < 0n ? -value : value;
        const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
        expect(wordsOf(value)).toBe(Math.max(1, Math.ceil(bits / 64)));
      }),
    );
    for (let words = 1; words <= 16; words++) {
      const end = 1n << BigInt(64 * words);
      expect([wordsOf(end - 1n), wordsOf(end), wordsOf(-end)]).toEqual([
        words,
        words + 1,
        words + 1,
      ]);
    }
  });

  test("a wider operand never makes a sum or a product cheaper", () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        const [narrow, wide] = wordsOf(a) <= wordsOf(b) ? [a, b] : [b, a];
        expect(additionUnits(narrow, c)).toBeLessThanOrEqual(additionUnits(wide, c));
        expect(multiplicationUnits(narrow, c)).toBeLessThanOrEqual(multiplicationUnits(wide, c));
      }),
    );
  });

  test("a quotient takes the more, the longer it is", () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        const [narrow, wide] = wordsOf(a) <= wordsOf(b) ? [a, b] : [b, a];
        expect(divisionUnits(narrow, c)).toBeLessThanOrEqual(divisionUnits(wide, c));
      }),
    );
  });

  test("every entry of the table is a whole number above 0", () => {
    for (const [name, units] of Object.entries(UNITS)) {
      expect(Number.isSafeInteger(units) && units > 0, name).toBe(true);
    }
  });
});
