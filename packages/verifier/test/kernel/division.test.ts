import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { certify } from "../../src/kernel/index.ts";
import { defaultLimits, findCertificate } from "../../src/prover/index.ts";
import type { Term } from "../../src/term.ts";
import { draft, holds } from "./draft.ts";
import * as t from "./terms.ts";

const [x, y] = ["x", "y"].map((name) => t.symbol(name)) as [Term, Term];
const [r, s] = ["r", "s"].map((name) => t.symbol(name, "real")) as [Term, Term];
const n = t.integer;

/** Whether the prover soon finds a certificate that the kernel accepts. */
function certified(assumptions: readonly Term[], goal: Term): boolean {
  const search = findCertificate({ assumptions, goal }, { ...defaultLimits, stepsMax: 200_000 });
  if (search.type === "none") return false;
  return certify({ assumptions, goal }, search.certificate).type === "certified";
}

const divide = (a: Term, b: Term): Term => t.arithmetic("divide", a, b);
const modulo = (a: Term, b: Term): Term => t.arithmetic("modulo", a, b);

/** Euclid: the remainder is in 0 .. |b| - 1. */
function euclid(a: bigint, b: bigint): readonly [quotient: bigint, remainder: bigint] {
  const size = b < 0n ? -b : b;
  const remainder = ((a % size) + size) % size;
  return [(a - remainder) / b, remainder];
}

describe("division and remainder", () => {
  test("of numbers, with each sign of dividend and divisor", () => {
    const number = fc.bigInt({ min: -40n, max: 40n });
    fc.assert(
      fc.property(
        number,
        number.filter((b) => b !== 0n),
        (a, b) => {
          const [quotient, remainder] = euclid(a, b);
          const given = [t.equal(x, n(a)), t.equal(y, n(b))];
          expect(certified(given, t.equal(divide(x, n(b)), n(quotient)))).toBe(true);
          expect(certified(given, t.equal(modulo(x, n(b)), n(remainder)))).toBe(true);
          expect(certified(given, t.equal(divide(x, n(b)), n(quotient + 1n)))).toBe(false);
          expect(certified(given, t.equal(modulo(x, n(b)), n(remainder + 1n)))).toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("by 0 are open: no value follows, and quotient and remainder are not related", () => {
    for (const value of [-1, 0, 1, 5]) {
      expect(certified([t.equal(x, n(5))], t.equal(divide(x, n(0)), n(value)))).toBe(false);
      expect(certified([t.equal(x, n(5))], t.equal(modulo(x, n(0)), n(value)))).toBe(false);
      expect(certified([t.equal(y, n(0))], t.equal(modulo(n(5), y), n(value)))).toBe(false);
      expect(certified([t.equal(y, n(0))], t.equal(divide(n(5), y), n(value)))).toBe(false);
    }
    const sum = t.add(t.multiply(y, divide(x, y)), modulo(x, y));
    expect(certified([], t.equal(sum, x))).toBe(false);
    expect(certified([], t.equal(modulo(x, n(0)), x))).toBe(false);
    expect(certified([], t.atMost(n(0), modulo(x, y)))).toBe(false);
  });

  test("by 0 say nothing of the dividend", () => {
    for (const divisor of [n(0), y]) {
      const given = [t.equal(divide(x, divisor), t.symbol("q")), t.equal(y, n(0))];
      expect(holds(given, t.atMost(n(0), x))).toBe(false);
      expect(holds(given, t.atMost(x, n(0)))).toBe(false);
    }
  });

  test("by 0 are functions of the dividend", () => {
    for (const operator of [divide, modulo]) {
      const [left, right] = [operator(x, n(0)), operator(y, n(0))];
      for (const assumptions of [[t.equal(x, y)], []]) {
        const proof = draft({ assumptions, goal: t.equal(left, right) });
        const open = proof.problem.nodes.flatMap((node, at) =>
          node.operator === (operator === divide ? "divide" : "modulo") ? [at] : [],
        );
        proof.congruence(open[0] ?? -1, open[1] ?? -1);
        expect(proof.certify().type).toBe(assumptions.length > 0 ? "certified" : "refused");
      }
    }
  });

  test("by an unknown that is not 0", () => {
    const positive = t.less(n(0), y);
    const sum = t.add(t.multiply(y, divide(x, y)), modulo(x, y));
    expect(certified([positive], t.equal(sum, x))).toBe(true);
    expect(certified([positive], t.atMost(n(0), modulo(x, y)))).toBe(true);
    expect(certified([positive], t.less(modulo(x, y), y))).toBe(true);
    expect(certified([t.less(y, n(0))], t.less(modulo(x, y), t.subtract(n(0), y)))).toBe(true);
    expect(certified([positive], t.less(t.add(modulo(x, y), n(1)), y))).toBe(false);
    expect(certified([t.less(y, n(0))], t.less(modulo(x, y), y))).toBe(false);
  });
});

describe("reals", () => {
  const zero = t.rational(0);

  test("a quotient times the divisor is the dividend, where that is not 0", () => {
    const q = t.arithmetic("quotient", r, s);
    expect(certified([t.less(zero, s)], t.equal(t.multiply(q, s), r))).toBe(true);
    expect(certified([], t.equal(t.multiply(q, s), r))).toBe(false);
    const third = t.arithmetic("quotient", r, t.rational(-3));
    expect(holds([], t.equal(t.multiply(third, t.rational(-3)), r))).toBe(true);
    expect(holds([], t.equal(t.multiply(third, t.rational(3)), r))).toBe(false);
    expect(certified([], t.equal(t.arithmetic("quotient", r, zero), zero))).toBe(false);
  });

  test("floor is the greatest integer that is at most a real", () => {
    expect(certified([], t.atMost(t.toReal(t.floor(r)), r))).toBe(true);
    expect(certified([], t.less(r, t.toReal(t.add(t.floor(r), n(1)))))).toBe(true);
    expect(certified([], t.less(t.toReal(t.floor(r)), r))).toBe(false);
    expect(certified([], t.atMost(r, t.toReal(t.floor(r))))).toBe(false);
    expect(holds([], t.equal(t.floor(t.toReal(x)), x))).toBe(true);
    const half = t.floor(t.arithmetic("quotient", t.toReal(x), t.rational(2)));
    expect(certified([t.equal(x, n(-3))], t.equal(half, n(-2)))).toBe(true);
    expect(certified([t.equal(x, n(-3))], t.equal(half, n(-1)))).toBe(false);
  });
});

test("an if is one branch or the other", () => {
  const p = t.symbol("p", "boolean");
  const either = t.choose(p, x, y);
  expect(certified([p], t.equal(either, x))).toBe(true);
  expect(certified([t.not(p)], t.equal(either, y))).toBe(true);
  expect(certified([t.atMost(x, y)], t.atMost(either, y))).toBe(true);
  expect(certified([p], t.equal(either, y))).toBe(false);
  expect(certified([t.atMost(x, y)], t.atMost(either, x))).toBe(false);
});
