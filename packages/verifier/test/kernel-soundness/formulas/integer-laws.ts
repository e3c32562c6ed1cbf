import type { Term } from "../../../src/term.ts";
import * as t from "./build.ts";
import { type Law, law, type Parts } from "./law.ts";

const zero = t.int(0);
const one = t.int(1);

function div(a: Term, b: Term): Term {
  return t.arithmetic("divide", a, b);
}

function mod(a: Term, b: Term): Term {
  return t.arithmetic("modulo", a, b);
}

function numbers({ of }: Parts): readonly [Term, Term, Term, Term] {
  return [of("integer"), of("integer"), of("integer"), of("integer")];
}

/** A law about any integers. */
function about(
  name: string,
  make: (
    numbers: readonly [Term, Term, Term, Term],
    parts: Parts,
  ) => readonly [assumptions: readonly Term[], goal: Term],
): Law {
  return law(name, (parts) => make(numbers(parts), parts));
}

const linear: readonly Law[] = [
  about("a + b = b + a", ([a, b]) => [[], t.equal(t.add(a, b), t.add(b, a))]),
  about("a - b = 0 if a = b", ([a, b]) => [[t.equal(a, b)], t.equal(t.minus(a, b), zero)]),
  about("trichotomy", ([a, b]) => [[], t.or(t.less(a, b), t.equal(a, b), t.less(b, a))]),
  about("an order that is antisymmetric", ([a, b]) => [
    [t.atMost(a, b), t.atMost(b, a)],
    t.equal(a, b),
  ]),
  about("no integer between two neighbours", ([a, b]) => [
    [t.less(a, b)],
    t.atMost(t.add(a, one), b),
  ]),
  about("a chain of inequalities", ([a, b, c, d]) => [
    [t.atMost(a, b), t.less(b, c), t.atMost(c, d)],
    t.less(t.add(a, one), t.add(d, one)),
  ]),
  about("sums keep order", ([a, b, c, d]) => [
    [t.atMost(a, b), t.less(c, d)],
    t.less(t.add(a, c), t.add(b, d)),
  ]),
  about("even is not odd", ([a, b], { number, random }) => {
    const factor = 2 + random.below(4);
    const off = t.add(t.times(t.int(factor), b), number(1, factor - 1));
    return [[], t.not(t.equal(t.times(t.int(factor), a), off))];
  }),
  about("bounds are cut to integers", ([a], { random }) => {
    const factor = 2 + random.below(5);
    const bound = random.below(9) - 4;
    const low = t.int(factor * bound - random.below(factor));
    return [[t.atMost(low, t.times(t.int(factor), a))], t.atMost(t.int(bound), a)];
  }),
  about("a sum of multiples has their divisor", ([a, b], { random }) => {
    const factor = 2 + random.below(4);
    const sum = t.add(t.times(t.int(factor), a), t.times(t.int(2 * factor), b));
    const off = factor * (random.below(5) - 2) + 1 + random.below(factor - 1);
    return [[t.equal(sum, t.int(off))], t.no];
  }),
  about("between two multiples there is none", ([a], { random }) => {
    const factor = 3 + random.below(5);
    const least = factor * (random.below(5) - 2);
    const scaled = t.times(t.int(factor), a);
    return [[t.less(t.int(least), scaled), t.less(scaled, t.int(least + factor))], t.no];
  }),
  about("the larger of two", ([a, b]) => [
    [],
    t.and(t.atMost(a, t.ifElse(t.atMost(a, b), b, a)), t.atMost(b, t.ifElse(t.atMost(a, b), b, a))),
  ]),
  about("an absolute value", ([a]) => [
    [],
    t.atMost(zero, t.ifElse(t.less(a, zero), t.minus(zero, a), a)),
  ]),
  about("a small range is its values", ([a], { random }) => {
    const low = random.below(7) - 3;
    const cases = [0, 1, 2].map((step) => t.equal(a, t.int(low + step)));
    return [[t.atMost(t.int(low), a), t.atMost(a, t.int(low + 2))], t.or(...cases)];
  }),
];

const euclid: readonly Law[] = [
  about("Euclid: the remainder is small", ([a], { random }) => {
    const divisor = random.pick([-5, -3, -2, 2, 3, 7]);
    const rest = mod(a, t.int(divisor));
    return [[], t.and(t.atMost(zero, rest), t.less(rest, t.int(Math.abs(divisor))))];
  }),
  about("Euclid: quotient and remainder make the whole", ([a], { random }) => {
    const divisor = t.int(random.pick([-5, -3, -2, 2, 3, 7]));
    return [[], t.equal(a, t.add(t.times(divisor, div(a, divisor)), mod(a, divisor)))];
  }),
  about("Euclid for any divisor", ([a, b]) => [
    [t.not(t.equal(b, zero))],
    t.and(
      t.equal(a, t.add(t.times(b, div(a, b)), mod(a, b))),
      t.atMost(zero, mod(a, b)),
      t.less(mod(a, b), t.ifElse(t.less(b, zero), t.minus(zero, b), b)),
    ),
  ]),
  about("division by zero is a function", ([a, b, c]) => [
    [t.equal(a, b), t.equal(c, zero)],
    t.and(t.equal(div(a, c), div(b, zero)), t.equal(mod(a, c), mod(b, zero))),
  ]),
  about("a multiple divided", ([a], { random }) => {
    const divisor = t.int(random.pick([-3, -2, 2, 3, 5]));
    return [[], t.equal(div(t.times(a, divisor), divisor), a)];
  }),
  about("a remainder forgets multiples", ([a, b], { random }) => {
    const divisor = t.int(random.pick([-3, 2, 3, 5]));
    return [[], t.equal(mod(t.add(a, t.times(divisor, b)), divisor), mod(a, divisor))];
  }),
  about("rounding down loses", ([a, b]) => [[t.less(zero, b)], t.atMost(t.times(div(a, b), b), a)]),
  about("a fee is at most what it is of", ([a], { number }) => [
    [t.atMost(zero, a)],
    t.atMost(div(t.times(a, number(0, 1000)), t.int(1000)), a),
  ]),
  about("a quotient keeps the order", ([a, b], { number }) => {
    const divisor = number(2, 9);
    return [[t.atMost(a, b)], t.atMost(div(a, divisor), div(b, divisor))];
  }),
  about("a reserve never empties", ([x, y, d]) => [
    [t.less(zero, x), t.less(zero, y), t.atMost(zero, d)],
    t.less(div(t.times(y, d), t.add(x, d)), y),
  ]),
  about("a constant product does not fall", ([x, y, d]) => [
    [t.less(zero, x), t.less(zero, y), t.atMost(zero, d)],
    t.atMost(t.times(x, y), t.times(t.add(x, d), t.minus(y, div(t.times(y, d), t.add(x, d))))),
  ]),
  about("a share price does not fall", ([s, v, d]) => [
    [t.less(zero, s), t.less(zero, v), t.atMost(zero, d)],
    t.atMost(t.times(div(t.times(d, s), v), v), t.times(d, s)),
  ]),
];

const products: readonly Law[] = [
  about("a square is not negative", ([a]) => [[], t.atMost(zero, t.times(a, a))]),
  about("distribution", ([a, b, c]) => [
    [],
    t.equal(t.times(a, t.add(b, c)), t.add(t.times(a, b), t.times(a, c))),
  ]),
  about("a square of a sum", ([a, b]) => [
    [],
    t.equal(
      t.times(t.add(a, b), t.add(a, b)),
      t.add(t.times(a, a), t.times(t.int(2), a, b), t.times(b, b)),
    ),
  ]),
  about("products keep order", ([a, b, c]) => [
    [t.atMost(zero, a), t.atMost(b, c)],
    t.atMost(t.times(a, b), t.times(a, c)),
  ]),
  about("signs multiply", ([a, b]) => [
    [t.less(a, zero), t.less(b, zero)],
    t.less(zero, t.times(a, b)),
  ]),
  about("no zero divisors", ([a, b]) => [
    [t.equal(t.times(a, b), zero), t.not(t.equal(a, zero))],
    t.equal(b, zero),
  ]),
  about("twice a product is at most the squares", ([a, b]) => [
    [],
    t.atMost(t.times(t.int(2), a, b), t.add(t.times(a, a), t.times(b, b))),
  ]),
  about("factors of a positive product", ([a, b]) => [
    [t.less(zero, t.times(a, b)), t.less(zero, a)],
    t.less(zero, b),
  ]),
];

/** Laws of all integers. */
export const integerLaws: readonly Law[] = [...linear, ...euclid, ...products];
