import type { Sort, Term } from "../../../src/term.ts";
import * as t from "./build.ts";

/** A false claim at the edge of one rule: what holds is near, or holds of another sort. */
export interface PinnedClaim {
  readonly name: string;
  readonly claim: t.Claim;
}

const thing = t.uninterpreted("Thing");
const [x, y, z] = ["x", "y", "z"].map((name) => t.symbol(name, "integer")) as [Term, Term, Term];
const [r, s] = ["r", "s"].map((name) => t.symbol(name, "real")) as [Term, Term];
const [u, v] = ["u", "v"].map((name) => t.symbol(name, thing)) as [Term, Term];
const [p, q] = ["p", "q"].map((name) => t.symbol(name, "boolean")) as [Term, Term];
const integers = t.arrayOf("integer", "integer");
const [a, b] = ["a", "b"].map((name) => t.symbol(name, integers)) as [Term, Term];
const zero = t.int(0);

function pinned(name: string, assumptions: readonly Term[], goal: Term = t.no): PinnedClaim {
  return { name, claim: { assumptions, goal } };
}

function div(left: Term, right: Term): Term {
  return t.arithmetic("divide", left, right);
}

function mod(left: Term, right: Term): Term {
  return t.arithmetic("modulo", left, right);
}

function over(left: Term, right: Term): Term {
  return t.arithmetic("quotient", left, right);
}

function vector(name: string, width: number): Term {
  return t.symbol(name, t.bits(width));
}

const numbers: readonly PinnedClaim[] = [
  pinned("a root of two is a real", [t.equal(t.times(r, r), t.rational(2))]),
  pinned("a third is a real", [t.equal(t.times(t.rational(3), r), t.rational(1))]),
  pinned("between two integers there are reals", [
    t.less(t.rational(0), r),
    t.less(r, t.rational(1)),
  ]),
  pinned("an integer and a real mix", [
    t.less(t.toReal(x), r),
    t.less(r, t.toReal(t.add(x, t.int(1)))),
  ]),
  pinned("a weak order is not strict", [t.atMost(r, s), t.atMost(s, r)]),
  pinned(
    "a strict order of reals has no step",
    [t.less(r, s)],
    t.atMost(t.add(r, t.rational(1)), s),
  ),
  pinned("bounds round to the integers between", [
    t.atMost(t.int(-7), t.times(t.int(2), x)),
    t.atMost(t.times(t.int(2), x), t.int(-5)),
  ]),
  pinned("bounds that meet", [t.atMost(t.int(6), t.times(t.int(3), x)), t.atMost(x, t.int(2))]),
  pinned("a divisor of a sum of multiples", [
    t.equal(t.add(t.times(t.int(4), x), t.times(t.int(6), y)), t.int(2)),
  ]),
  pinned("a negative product", [t.less(t.times(x, y), zero)]),
  pinned(
    "a product of a negative and a positive",
    [t.less(x, zero), t.less(zero, y)],
    t.less(zero, t.times(x, y)),
  ),
  pinned("zero times anything", [t.equal(t.times(x, y), zero)], t.equal(x, zero)),
  pinned("no cancelling of zero", [t.equal(t.times(x, y), t.times(x, z))], t.equal(y, z)),
  pinned("integers without bounds", [], t.less(x, t.int(10n ** 30n))),
  pinned("a square less than itself, of reals", [t.less(t.times(r, r), r)]),
  pinned("a square is at least itself, of reals", [], t.atMost(r, t.times(r, r))),
];

const divisions: readonly PinnedClaim[] = [
  pinned("x mod 0 is not x", [], t.equal(mod(x, zero), x)),
  pinned("x div 0 is not 0", [], t.equal(div(x, zero), zero)),
  pinned("x / 0 is not 0", [], t.equal(over(r, t.rational(0)), t.rational(0))),
  pinned(
    "x = y (x div y) + x mod y but for 0",
    [],
    t.equal(x, t.add(t.times(y, div(x, y)), mod(x, y))),
  ),
  pinned("x mod y is not negative but for 0", [], t.atMost(zero, mod(x, y))),
  pinned("x mod y is below y but for negative y", [t.not(t.equal(y, zero))], t.less(mod(x, y), y)),
  pinned("x div 0 depends on x", [], t.equal(div(x, zero), div(y, zero))),
  pinned("x mod 0 depends on x", [], t.equal(mod(x, zero), mod(y, zero))),
  pinned("x / 0 depends on x", [], t.equal(over(r, t.rational(0)), over(s, t.rational(0)))),
  pinned("x div 0 and x mod 0 are two functions", [], t.equal(div(x, zero), mod(x, zero))),
  pinned("0 div 0 may be anything", [], t.less(div(zero, zero), t.int(5))),
  pinned("(x / y) y is x but for 0", [], t.equal(t.times(over(r, s), s), r)),
  pinned(
    "rounding is not truncation",
    [t.less(x, zero)],
    t.equal(div(x, t.int(2)), t.minus(zero, div(t.minus(zero, x), t.int(2)))),
  ),
  pinned("a quotient by a negative", [t.atMost(zero, x)], t.atMost(zero, div(x, t.int(-2)))),
  pinned("a quotient of multiples", [], t.equal(div(t.times(x, y), y), x)),
  pinned(
    "floor is not the nearest",
    [t.less(t.toReal(x), r)],
    t.atMost(t.add(x, t.int(1)), t.floor(r)),
  ),
  pinned("floor of a negative", [t.less(r, t.rational(0))], t.atMost(zero, t.floor(r))),
  pinned(
    "floor does not keep sums",
    [],
    t.equal(t.floor(t.add(r, s)), t.add(t.floor(r), t.floor(s))),
  ),
  pinned("a real is not its floor", [], t.equal(t.toReal(t.floor(r)), r)),
];

const equalities: readonly PinnedClaim[] = [
  pinned(
    "functions are not one to one",
    [t.equal(t.apply("h", thing, u), t.apply("h", thing, v))],
    t.equal(u, v),
  ),
  pinned("two functions are not one", [], t.equal(t.apply("h", thing, u), t.apply("i", thing, u))),
  pinned(
    "a function's operands have an order",
    [],
    t.equal(t.apply("g", "integer", x, y), t.apply("g", "integer", y, x)),
  ),
  pinned(
    "one equal operand of two",
    [t.equal(x, y)],
    t.equal(t.apply("g", "integer", x, z), t.apply("g", "integer", y, y)),
  ),
  pinned("a sort may have one element", [], t.not(t.equal(u, v))),
  pinned("a sort may have two elements", [], t.equal(u, v)),
  pinned("elements have no order", [t.not(t.equal(u, v)), p], t.equal(t.ifElse(p, u, v), v)),
  pinned(
    "a name with a blank",
    [t.equal(t.symbol("x y", "integer"), x)],
    t.equal(t.symbol("x", "integer"), y),
  ),
  pinned(
    "a function named as another with its operand",
    [],
    t.equal(t.apply("f", "integer", x), t.symbol("f x", "integer")),
  ),
  pinned("names of digits", [], t.equal(t.symbol("0", "integer"), t.symbol("00", "integer"))),
  pinned("a choice with an open condition", [], t.equal(t.ifElse(p, x, y), x)),
  pinned("a choice with its branches exchanged", [p], t.equal(t.ifElse(t.not(p), x, y), x)),
  pinned("an implication does not turn round", [t.implies(p, q)], t.implies(q, p)),
  pinned("of a disjunction not each", [t.or(p, q)], p),
  pinned("an equation of propositions", [t.equal(p, q)], t.and(p, q)),
  pinned("two propositions have four values", [], t.or(t.and(p, q), t.and(t.not(p), t.not(q)))),
  pinned(
    "a function of propositions is not the identity",
    [],
    t.equal(t.apply("b", "boolean", p), p),
  ),
  pinned("nothing assumed", []),
];

const readAtU = t.select(t.constantArray(thing, zero), u);
const oneBit = t.arrayOf(t.bits(1), "integer");

function bitArray(low: Term, high: Term): Term {
  const array = t.symbol("o", oneBit);
  return t.store(t.store(array, t.bitsOf(1, 0), low), t.bitsOf(1, 1), high);
}

const arrays: readonly PinnedClaim[] = [
  pinned("a store at another index", [], t.equal(t.select(t.store(a, x, z), y), z)),
  pinned("a store where it may be", [], t.equal(t.select(t.store(a, x, z), y), t.select(a, y))),
  pinned("arrays equal at one index", [t.equal(t.select(a, x), t.select(b, x))], t.equal(a, b)),
  pinned(
    "arrays that differ elsewhere",
    [t.not(t.equal(a, b))],
    t.not(t.equal(t.select(a, x), t.select(b, x))),
  ),
  pinned("a read of a constant array", [], t.equal(readAtU, t.int(1))),
  pinned(
    "stores at one index do not commute",
    [],
    t.equal(t.store(t.store(a, x, y), x, z), t.store(t.store(a, x, z), x, y)),
  ),
  pinned("a store is not the array", [], t.equal(t.store(a, x, y), a)),
  pinned(
    "stores of one sort cover a sort of one element",
    [t.equal(t.store(t.constantArray(thing, x), u, y), t.constantArray(thing, y))],
    t.equal(x, y),
  ),
  pinned(
    "stores cover an index sort of two",
    [],
    t.not(
      t.equal(
        bitArray(x, y),
        t.store(t.store(t.constantArray(t.bits(1), z), t.bitsOf(1, 0), x), t.bitsOf(1, 1), y),
      ),
    ),
  ),
  pinned(
    "an array of arrays",
    [],
    t.equal(t.select(t.symbol("m", t.arrayOf("integer", integers)), x), a),
  ),
  pinned(
    "a default is not what was stored",
    [t.not(t.equal(x, y))],
    t.equal(t.select(t.store(t.constantArray("integer", zero), x, t.int(1)), y), t.int(1)),
  ),
  pinned("a choice of arrays", [t.not(p)], t.equal(t.select(t.ifElse(p, a, b), x), t.select(a, x))),
  pinned(
    "a function of arrays is not one to one",
    [t.equal(t.apply("s", "integer", a), t.apply("s", "integer", b))],
    t.equal(a, b),
  ),
];

const [m, n] = [vector("m", 3), vector("n", 3)];
const one = vector("l", 1);
const op = t.bitwise;

const vectors: readonly PinnedClaim[] = [
  pinned(
    "an addition that wraps",
    [t.unsignedLess(m, op("add", m, t.bitsOf(3, 1)))],
    t.unsignedLess(op("add", m, t.bitsOf(3, 1)), t.bitsOf(3, 7)),
  ),
  pinned("m < m + 1 but for wrapping", [], t.unsignedLess(m, op("add", m, t.bitsOf(3, 1)))),
  pinned("signed order is not unsigned", [], t.equal(t.signedLess(m, n), t.unsignedLess(m, n))),
  pinned("signed order of one bit", [], t.not(t.signedLess(one, t.bitsOf(1, 0)))),
  pinned(
    "division by zero is all ones",
    [t.equal(n, t.bitsOf(3, 0))],
    t.equal(op("divide", m, n), t.bitsOf(3, 0)),
  ),
  pinned(
    "a remainder by zero is the dividend",
    [t.equal(n, t.bitsOf(3, 0))],
    t.equal(op("remainder", m, n), t.bitsOf(3, 0)),
  ),
  pinned(
    "a remainder may be any below",
    [t.not(t.equal(n, t.bitsOf(3, 0)))],
    t.equal(op("remainder", m, n), t.bitsOf(3, 0)),
  ),
  pinned(
    "a shift by the width leaves nothing",
    [],
    t.equal(op("shift-left", m, t.bitsOf(3, 3)), m),
  ),
  pinned(
    "a shift by more than the width leaves nothing",
    [],
    t.equal(op("shift-right", m, t.bitsOf(3, 5)), op("shift-right", m, t.bitsOf(3, 1))),
  ),
  pinned(
    "an arithmetic shift fills with the sign",
    [],
    t.equal(op("shift-right-arithmetic", m, n), op("shift-right", m, n)),
  ),
  pinned(
    "an arithmetic shift beyond the width",
    [],
    t.equal(op("shift-right-arithmetic", m, t.bitsOf(3, 7)), t.bitsOf(3, 0)),
  ),
  pinned(
    "shifts to both sides",
    [],
    t.equal(op("shift-right", op("shift-left", m, t.bitsOf(3, 1)), t.bitsOf(3, 1)), m),
  ),
  pinned("joining has an order", [], t.equal(op("concatenate", m, n), op("concatenate", n, m))),
  pinned("parts have an order", [], t.equal(t.extract(2, 2, m), t.extract(0, 0, m))),
  pinned(
    "a product that wraps",
    [t.not(t.equal(m, t.bitsOf(3, 0))), t.not(t.equal(n, t.bitsOf(3, 0)))],
    t.not(t.equal(op("multiply", m, n), t.bitsOf(3, 0))),
  ),
  pinned("a quotient times the divisor", [], t.equal(op("multiply", op("divide", m, n), n), m)),
  pinned("exclusive or is not or", [], t.equal(op("exclusive-or", m, n), op("or", m, n))),
  pinned(
    "three bits have eight values",
    [],
    t.or(...[0, 1, 2, 3, 4, 5, 6].map((value) => t.equal(m, t.bitsOf(3, value)))),
  ),
  pinned(
    "a function of vectors",
    [],
    t.equal(t.apply("w", t.bits(3), m), t.apply("w", t.bits(3), n)),
  ),
];

/** A power that no other product may be taken for, however monomials are written. */
function power(base: Term, exponent: number): Term {
  return t.times(...Array.from({ length: exponent }, () => base));
}

const large: readonly PinnedClaim[] = [
  ...[8, 9, 10, 11, 12, 99, 100].map((exponent) =>
    pinned(`a power of ${exponent}`, [], t.equal(power(x, exponent), power(x, exponent + 2))),
  ),
  pinned(
    "a coefficient that looks like a factor",
    ...alike(([first = zero, ...rest]) => [
      t.times(t.int(2), first, rest[47] ?? zero),
      t.times(t.int(38), first),
    ]),
  ),
  pinned(
    "a coefficient that looks like ten factors",
    ...alike((symbols) => [
      power(symbols[48] ?? zero, 10),
      t.times(t.int(BigInt((36n ** 11n - 1n) / 35n)), symbols[47] ?? zero),
    ]),
  ),
  pinned("70,000 unknowns", manyDistinct(70_000, "integer")),
  pinned("70,000 elements", manyDistinct(70_000, thing)),
  pinned(
    "numbers of 300 digits",
    [t.equal(x, t.int(10n ** 300n)), t.equal(y, t.int(10n ** 300n + 1n))],
    t.equal(x, y),
  ),
  pinned("numbers of 300 digits that are near", [
    t.less(t.int(10n ** 300n), x),
    t.less(x, t.int(10n ** 300n + 2n)),
  ]),
];

/** Symbols whose places in the kernel's lists are those of their names. */
function inOrder(count: number, sort: Sort): readonly Term[] {
  return Array.from({ length: count }, (_, at) => t.symbol(`many.${at}`, sort));
}

/** More symbols than there are UTF-16 units; each differs from that which is 65,536 places on. */
function manyDistinct(count: number, sort: Sort): readonly Term[] {
  const symbols = inOrder(count, sort);
  const later = symbols.slice(65_536);
  return [
    t.apply("all", "boolean", ...symbols),
    ...later.map((one, at) => t.not(t.equal(one, symbols[at] ?? one))),
  ];
}

/**
 * Two polynomials that are one text if factors are written as units and nothing tells them from the
 * digits of a coefficient: the unknown at place 48 is written "1", that at 47 "0".
 */
function alike(
  make: (symbols: readonly Term[]) => readonly [assumed: Term, claimed: Term],
): readonly [readonly Term[], Term] {
  const symbols = inOrder(70, "integer");
  const [assumed, claimed] = make(symbols);
  const last = symbols[60] ?? zero;
  const bounded = (sum: Term): Term => t.atMost(zero, t.add(sum, last));
  return [[...symbols.map((one) => t.equal(one, one)), bounded(assumed)], bounded(claimed)];
}

/** All of them. The last ones are large. */
export const pinnedClaims: readonly PinnedClaim[] = [
  ...numbers,
  ...divisions,
  ...equalities,
  ...arrays,
  ...vectors,
  ...large,
];
