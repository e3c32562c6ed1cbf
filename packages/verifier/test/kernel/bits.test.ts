import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BitOperator, Term } from "../../src/term.ts";
import { holds } from "./draft.ts";
import * as t from "./terms.ts";

/** SMT-LIB's definitions, on numbers. */
const operators: Readonly<Record<string, (a: bigint, b: bigint, width: number) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  "exclusive-or": (a, b) => a ^ b,
  add: (a, b, width) => BigInt.asUintN(width, a + b),
  multiply: (a, b, width) => BigInt.asUintN(width, a * b),
  divide: (a, b, width) => (b === 0n ? 2n ** BigInt(width) - 1n : a / b),
  remainder: (a, b) => (b === 0n ? a : a % b),
  "shift-left": (a, b, width) => (b >= BigInt(width) ? 0n : BigInt.asUintN(width, a << b)),
  "shift-right": (a, b, width) => (b >= BigInt(width) ? 0n : a >> b),
  "shift-right-arithmetic": (a, b, width) =>
    BigInt.asUintN(width, BigInt.asIntN(width, a) >> (b >= BigInt(width) ? BigInt(width) : b)),
};

const pair = fc.integer({ min: 1, max: 12 }).chain((width) => {
  const value = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** BigInt(width) - 1n }),
    fc.constantFrom(0n, 1n, 2n ** BigInt(width) - 1n, BigInt(width) % 2n ** BigInt(width)),
  );
  return fc.record({ width: fc.constant(width), a: value, b: value });
});

/** Claims about symbols with given values: only propagation through the gates can show them. */
function showsAndNotMore(given: readonly Term[], term: Term, result: bigint, width: number): void {
  expect(holds(given, t.equal(term, t.bits(result, width)))).toBe(true);
  expect(holds(given, t.equal(term, t.bits(result ^ 1n, width)))).toBe(false);
}

describe("circuits are SMT-LIB's operators", () => {
  test.for(Object.keys(operators))("%s", (name) => {
    fc.assert(
      fc.property(pair, ({ width, a, b }) => {
        const [x, y] = ["x", "y"].map((of) => t.symbol(of, t.bitsOf(width))) as [Term, Term];
        const result = operators[name]?.(a, b, width) ?? -1n;
        const given = [t.equal(x, t.bits(a, width)), t.equal(y, t.bits(b, width))];
        showsAndNotMore(given, t.bitOperation(name as BitOperator, x, y), result, width);
        const folded = t.bitOperation(name as BitOperator, t.bits(a, width), t.bits(b, width));
        showsAndNotMore([], folded, result, width);
        showsAndNotMore(
          given,
          t.bitOperation(name as BitOperator, x, t.bits(b, width)),
          result,
          width,
        );
      }),
      { numRuns: 60 },
    );
  });

  test("complement, concatenate, extract, comparisons", () => {
    fc.assert(
      fc.property(pair, fc.nat(11), fc.nat(11), ({ width, a, b }, one, other) => {
        const [x, y] = ["x", "y"].map((of) => t.symbol(of, t.bitsOf(width))) as [Term, Term];
        const given = [t.equal(x, t.bits(a, width)), t.equal(y, t.bits(b, width))];
        const [low, high] = [one % width, other % width].sort((l, h) => l - h) as [number, number];
        const part = BigInt.asUintN(high - low + 1, a >> BigInt(low));
        showsAndNotMore(given, t.bitOperation("complement", x), BigInt.asUintN(width, ~a), width);
        showsAndNotMore(given, t.extract(high, low, x), part, high - low + 1);
        const joined = (a << BigInt(width)) | b;
        showsAndNotMore(given, t.bitOperation("concatenate", x, y), joined, 2 * width);
        const signed = BigInt.asIntN(width, a) < BigInt.asIntN(width, b);
        const compare = t.compareBits("unsigned-less", x, y);
        const compareSigned = t.compareBits("signed-less", x, y);
        expect(holds(given, a < b ? compare : t.not(compare))).toBe(true);
        expect(holds(given, a < b ? t.not(compare) : compare)).toBe(false);
        expect(holds(given, signed ? compareSigned : t.not(compareSigned))).toBe(true);
        expect(holds(given, signed ? t.not(compareSigned) : compareSigned)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

test("booleans: each operator by its truth table", () => {
  const [p, q, c] = ["p", "q", "c"].map((name) => t.symbol(name, "boolean")) as [Term, Term, Term];
  for (let row = 0; row < 8; row++) {
    const [a, b, d] = [row % 2 === 1, row % 4 > 1, row > 3];
    const given = [a ? p : t.not(p), b ? q : t.not(q), d ? c : t.not(c)];
    const formulas: readonly (readonly [Term, boolean])[] = [
      [t.and(p, q, c), a && b && d],
      [t.or(p, q, c), a || b || d],
      [t.implies(p, q), !a || b],
      [t.equal(p, q), a === b],
      [t.equal(p, t.not(q)), a !== b],
      [t.choose(c, p, q), d ? a : b],
      [t.choose(c, p, t.not(p)), d ? a : !a],
      [t.and(), true],
      [t.or(), false],
      [t.and(p, t.not(p)), false],
      [t.equal(p, t.truth), a],
      [t.equal(t.falsehood, p), !a],
    ];
    for (const [formula, value] of formulas) {
      expect(holds(given, value ? formula : t.not(formula))).toBe(true);
      expect(holds(given, value ? t.not(formula) : formula)).toBe(false);
    }
  }
});
