import type { Term } from "../../../src/term.ts";
import * as t from "./build.ts";
import { type Law, law, type Parts } from "./law.ts";

/** A law about bit vectors of a width. */
function about(
  name: string,
  make: (
    vectors: readonly [Term, Term, Term],
    width: number,
    parts: Parts,
  ) => readonly [assumptions: readonly Term[], goal: Term],
): readonly Law[] {
  return [1, 2, 3, 8].map((width) =>
    law(`${name} (${width} bits)`, (parts) => {
      const sort = t.bits(width);
      return make([parts.of(sort), parts.of(sort), parts.of(sort)], width, parts);
    }),
  );
}

const op = t.bitwise;

/** Laws of all bit vectors. */
export const bitLaws: readonly Law[] = [
  about("a + b = b + a", ([a, b]) => [[], t.equal(op("add", a, b), op("add", b, a))]),
  about("twice the complement", ([a]) => [[], t.equal(op("complement", op("complement", a)), a)]),
  about("De Morgan of bits", ([a, b]) => [
    [],
    t.equal(op("complement", op("and", a, b)), op("or", op("complement", a), op("complement", b))),
  ]),
  about("a vector exclusive itself", ([a], width) => [
    [],
    t.equal(op("exclusive-or", a, a), t.bitsOf(width, 0)),
  ]),
  about("a + ~a is all ones", ([a], width) => [
    [],
    t.equal(op("add", a, op("complement", a)), t.bitsOf(width, -1)),
  ]),
  about("and is at most", ([a, b]) => [[], t.not(t.unsignedLess(a, op("and", a, b)))]),
  about("or with and adds", ([a, b]) => [
    [],
    t.equal(op("add", a, b), op("add", op("or", a, b), op("and", a, b))),
  ]),
  about("an order that is total", ([a, b]) => [
    [],
    t.or(t.unsignedLess(a, b), t.equal(a, b), t.unsignedLess(b, a)),
  ]),
  about("a signed order that is total", ([a, b]) => [
    [t.not(t.signedLess(a, b)), t.not(t.signedLess(b, a))],
    t.equal(a, b),
  ]),
  about("signed order is the unsigned one of flipped signs", ([a, b], width) => {
    const flip = (term: Term): Term =>
      op("exclusive-or", term, t.bitsOf(width, 1n << BigInt(width - 1)));
    return [[], t.equal(t.signedLess(a, b), t.unsignedLess(flip(a), flip(b)))];
  }),
  about("division by zero gives all ones", ([a, b], width) => [
    [t.equal(b, t.bitsOf(width, 0))],
    t.equal(op("divide", a, b), t.bitsOf(width, -1)),
  ]),
  about("a remainder by zero is the dividend", ([a, b], width) => [
    [t.equal(b, t.bitsOf(width, 0))],
    t.equal(op("remainder", a, b), a),
  ]),
  about("a remainder is less than the divisor", ([a, b], width) => [
    [t.not(t.equal(b, t.bitsOf(width, 0)))],
    t.unsignedLess(op("remainder", a, b), b),
  ]),
  about("division and remainder make the whole", ([a, b]) => [
    [],
    t.equal(op("add", op("multiply", op("divide", a, b), b), op("remainder", a, b)), a),
  ]),
  about("a shift by one doubles", ([a], width) => [
    [],
    t.equal(op("shift-left", a, t.bitsOf(width, 1)), op("add", a, a)),
  ]),
  about("a shift of everything leaves nothing", ([a, b], width) => [
    [t.not(t.unsignedLess(b, t.bitsOf(width, width))), t.less(t.int(width), t.int(2 ** width))],
    t.equal(op("shift-right", a, b), t.bitsOf(width, 0)),
  ]),
  about("an arithmetic shift keeps the sign", ([a, b], width) => [
    [],
    t.equal(
      t.extract(width - 1, width - 1, op("shift-right-arithmetic", a, b)),
      t.extract(width - 1, width - 1, a),
    ),
  ]),
  about("joined parts are the parts", ([a, b], width) => {
    const both = op("concatenate", a, b);
    return [
      [],
      t.and(
        t.equal(t.extract(2 * width - 1, width, both), a),
        t.equal(t.extract(width - 1, 0, both), b),
      ),
    ];
  }),
  about("parts joined are the whole", ([a], width) => {
    if (width === 1) return [[], t.equal(t.extract(0, 0, a), a)];
    return [[], t.equal(op("concatenate", t.extract(width - 1, 1, a), t.extract(0, 0, a)), a)];
  }),
  about("two bits have four values", ([a], width) => [
    [],
    width > 2
      ? t.equal(a, a)
      : t.or(...[0, 1, 2, 3].map((value) => t.equal(a, t.bitsOf(width, value)))),
  ]),
  about("products by one and zero", ([a], width) => [
    [],
    t.and(
      t.equal(op("multiply", a, t.bitsOf(width, 1)), a),
      t.equal(op("multiply", t.bitsOf(width, 0), a), t.bitsOf(width, 0)),
    ),
  ]),
].flat();
