import type { Sort, Term } from "../../src/term.ts";

/** A claim of some size, to see how much is counted for it. */
export interface LargeClaim {
  readonly assumptions: readonly Term[];
  readonly goal: Term;
}

const no: Term = { type: "boolean", value: false };
const element: Sort = { type: "uninterpreted", name: "Element" };
const integers: Sort = { type: "array", index: "integer", element: "integer" };
const bits: Sort = { type: "bits", width: 8 };

const symbol = (name: string, sort: Sort): Term => ({ type: "symbol", name, sort });
const whole = (value: number | bigint): Term => ({ type: "integer", value: BigInt(value) });
const equal = (left: Term, right: Term): Term => ({ type: "equal", left, right });
const not = (operand: Term): Term => ({ type: "not", operand });
const less = (left: Term, right: Term): Term => ({
  type: "compare",
  operator: "less",
  left,
  right,
});
const all = (operands: readonly Term[]): Term => ({ type: "and", operands });
const any = (operands: readonly Term[]): Term => ({ type: "or", operands });
const add = (...operands: readonly Term[]): Term => ({
  type: "arithmetic",
  operator: "add",
  operands,
});
const multiply = (...operands: readonly Term[]): Term => ({
  type: "arithmetic",
  operator: "multiply",
  operands,
});
const apply = (name: string, operands: readonly Term[], sort: Sort): Term => ({
  type: "apply",
  name,
  operands,
  sort,
});
const choose = (condition: Term, then: Term, otherwise: Term): Term =>
  // oxlint-disable-next-line unicorn/no-thenable -- data of a formula, never awaited
  ({ type: "if", condition, then, else: otherwise });
const select = (array: Term, index: Term): Term => ({ type: "select", array, index });
const store = (array: Term, index: Term, value: Term): Term => ({
  type: "store",
  array,
  index,
  value,
});

const list = (length: number, make: (at: number) => Term): readonly Term[] =>
  Array.from({ length }, (_, at) => make(at));
const x = (at: number): Term => symbol(`x${at}`, "integer");
const p = (at: number): Term => symbol(`p${at}`, "boolean");
const e = (at: number): Term => symbol(`e${at}`, element);
const a = (at: number): Term => symbol(`a${at}`, integers);
const r = (at: number): Term => symbol(`r${at}`, "real");
const m = (at: number): Term => symbol(`m${at}`, bits);

/** A chain or nest: each term is made of the one before. */
function nest(size: number, start: Term, step: (inner: Term, at: number) => Term): Term {
  let term = start;
  for (let at = 0; at < size; at++) term = step(term, at);
  return term;
}

const assumed = (...assumptions: readonly Term[]): LargeClaim => ({ assumptions, goal: no });
/** A number without a pattern, the same each time. */
const mixed = (at: number, below: number): number => ((at * 7919 + 104_729) % 1_000_003) % below;
const huge = (at: number): bigint => 3n ** 400n + BigInt(at) * 7n ** 100n;

/** Makers of claims of a size, by what they are about. */
export const largeClaims: Readonly<Record<string, (size: number) => LargeClaim>> = {
  "nested ifs": (size) =>
    assumed(
      equal(
        nest(size, x(0), (inner, at) => choose(p(at), inner, x(at))),
        x(1),
      ),
    ),
  "nested ifs of comparisons": (size) =>
    assumed(
      equal(
        nest(size, x(0), (inner, at) => choose(less(inner, x(at)), x(at), inner)),
        x(1),
      ),
    ),
  "boolean chain": (size) =>
    assumed(nest(size, p(0), (inner, at) => equal(inner, at % 2 === 0 ? p(at) : not(p(at))))),
  "shared terms": (size) =>
    assumed(
      equal(
        nest(size, x(0), (inner) => choose(less(inner, x(1)), add(inner, x(2)), inner)),
        x(1),
      ),
    ),
  "one unknown, many numbers": (size) =>
    assumed(any(list(size, (at) => equal(x(0), whole(at)))), less(x(0), whole(-1))),
  "one unknown, many numbers excluded": (size) =>
    assumed(...list(size, (at) => not(equal(x(0), whole(at)))), less(whole(-1), x(0))),
  "chain of inequalities": (size) => assumed(...list(size, (at) => less(x(at), x(at + 1)))),
  "cycle of inequalities": (size) =>
    assumed(...list(size, (at) => less(x(at), x((at + 1) % size)))),
  "chain of equalities": (size) =>
    assumed(...list(size, (at) => equal(e(at), e(at + 1))), not(equal(e(0), e(size)))),
  "star of equalities": (size) =>
    assumed(...list(size, (at) => equal(e(0), e(at + 1))), not(equal(e(1), e(size)))),
  "pairs of equalities": (size) =>
    assumed(
      ...list(size, (at) =>
        any([
          equal(e(mixed(at, 60)), e(mixed(at + 7, 60))),
          equal(e(mixed(at + 3, 60)), e(mixed(at + 5, 60))),
        ]),
      ),
    ),
  "diamonds of equalities": (size) =>
    assumed(
      ...list(size, (at) =>
        any([
          all([equal(e(3 * at), e(3 * at + 1)), equal(e(3 * at + 1), e(3 * at + 3))]),
          all([equal(e(3 * at), e(3 * at + 2)), equal(e(3 * at + 2), e(3 * at + 3))]),
        ]),
      ),
      not(equal(e(0), e(3 * size))),
    ),
  "all different": (size) =>
    assumed(...list(size, (at) => not(equal(e(mixed(at, 97)), e(mixed(at * 3 + 1, 89) + 97))))),
  "wide or of equalities": (size) => assumed(any(list(size, (at) => equal(e(at), e(at + 1))))),
  "wide or, and its mirror": (size) =>
    assumed(
      any(list(size, (at) => less(x(at), x(at + 1)))),
      any(list(size, (at) => less(x(at + 1), x(at)))),
    ),
  "nested functions": (size) =>
    assumed(
      equal(
        nest(size, x(0), (inner) => apply("f", [inner], "integer")),
        x(0),
      ),
    ),
  "one function of many": (size) =>
    assumed(all(list(size, (at) => less(apply("f", [x(at)], "integer"), whole(at))))),
  "a predicate of many": (size) =>
    assumed(
      all(list(size, (at) => apply("q", [e(at)], "boolean"))),
      not(apply("q", [e(size)], "boolean")),
    ),
  "functions of many": (size) =>
    assumed(
      equal(
        apply("g", list(size, x), "integer"),
        apply(
          "g",
          list(size, (at) => x(at + 1)),
          "integer",
        ),
      ),
    ),
  "stores at numbers": (size) =>
    assumed(
      equal(
        select(
          nest(size, a(0), (inner, at) => store(inner, whole(at), x(at))),
          x(0),
        ),
        x(1),
      ),
    ),
  "stores at symbols": (size) =>
    assumed(
      equal(
        select(
          nest(size, a(0), (inner, at) => store(inner, x(at), x(at + 1))),
          x(0),
        ),
        x(1),
      ),
    ),
  "many arrays equal": (size) =>
    assumed(...list(size, (at) => equal(a(at), store(a(at + 1), x(at), x(0))))),
  "many arrays differ": (size) => assumed(...list(size, (at) => not(equal(a(at), a(at + 1))))),
  "reads of equal arrays": (size) =>
    assumed(
      ...list(size, (at) => equal(a(at), a(at + 1))),
      ...list(size, (at) => less(select(a(at), x(at)), x(0))),
    ),
  "dense sums": (size) =>
    assumed(
      ...list(Math.ceil(size / 40), (row) =>
        less(
          add(
            ...list(40, (at) =>
              multiply(whole(mixed(row * 41 + at, 99) - 49), x(mixed(row + at * 3, 80))),
            ),
          ),
          whole(mixed(row, 1000)),
        ),
      ),
    ),
  "dense equations": (size) =>
    assumed(
      ...list(Math.ceil(size / 20), (row) =>
        equal(
          add(
            ...list(20, (at) =>
              multiply(whole(mixed(row * 41 + at, 99) - 49), x(mixed(row + at * 3, 60))),
            ),
          ),
          whole(mixed(row, 1000)),
        ),
      ),
    ),
  "long numbers": (size) =>
    assumed(
      ...list(Math.ceil(size / 10), (row) =>
        less(
          add(...list(10, (at) => multiply(whole(huge(row * 10 + at)), x(mixed(row + at, 30))))),
          whole(huge(row)),
        ),
      ),
    ),
  "sums of reals": (size) =>
    assumed(
      ...list(Math.ceil(size / 10), (row) =>
        less(
          add(
            ...list(10, (at) =>
              multiply(
                {
                  type: "rational",
                  numerator: BigInt(mixed(row + at, 99) - 49),
                  denominator: BigInt(mixed(at, 90) + 1),
                },
                r(mixed(row + at, 40)),
              ),
            ),
          ),
          r(row % 40),
        ),
      ),
    ),
  products: (size) =>
    assumed(
      ...list(size, (at) =>
        less(multiply(x(mixed(at, 30)), x(mixed(at + 1, 30))), x(mixed(at + 2, 30))),
      ),
    ),
  "powers defined": (size) =>
    assumed(
      ...list(size, (at) => equal(x(at + 1), multiply(x(at), x(at)))),
      less(x(size), whole(0)),
    ),
  "linear definitions": (size) =>
    assumed(
      ...list(size, (at) => equal(x(at + 1), add(x(at), x(mixed(at, at + 1))))),
      less(multiply(x(size), x(size)), whole(0)),
    ),
  quotients: (size) =>
    assumed(
      ...list(size, (at) =>
        less({ type: "arithmetic", operator: "divide", operands: [x(at), x(at + 1)] }, x(at + 2)),
      ),
    ),
  "remainders of numbers": (size) =>
    assumed(
      ...list(size, (at) =>
        equal(
          { type: "arithmetic", operator: "modulo", operands: [x(at), whole(at + 2)] },
          x(at + 1),
        ),
      ),
    ),
  "floors of reals": (size) =>
    assumed(
      ...list(size, (at) =>
        equal({ type: "floor", operand: r(at) }, { type: "floor", operand: r(at + 1) }),
      ),
    ),
  "sums of bits": (size) =>
    assumed(
      equal(
        nest(size, m(0), (inner, at) => ({
          type: "bit-operation",
          operator: "add",
          operands: [inner, m(at)],
        })),
        m(1),
      ),
    ),
  "products of bits": (size) =>
    assumed(
      equal(
        nest(Math.ceil(size / 20), m(0), (inner, at) => ({
          type: "bit-operation",
          operator: "multiply",
          operands: [inner, m(at % 7)],
        })),
        m(1),
      ),
    ),
  "random clauses": (size) =>
    assumed(
      ...list(size, (at) =>
        any(
          list(3, (place) => {
            const one = p(mixed(at * 3 + place, Math.ceil(size / 4.2)));
            return mixed(at * 5 + place * 11, 2) === 0 ? one : not(one);
          }),
        ),
      ),
    ),
  "random comparisons": (size) =>
    assumed(
      ...list(size, (at) =>
        any(
          list(3, (place) =>
            less(
              x(mixed(at * 3 + place, 50)),
              add(x(mixed(at * 5 + place * 7, 50)), whole(mixed(at, 9) - 4)),
            ),
          ),
        ),
      ),
    ),
  pigeons: (size) => {
    const holes = Math.max(2, Math.floor(Math.cbrt(size)));
    return assumed(
      ...list(holes + 1, (at) => all([less(whole(-1), x(at)), less(x(at), whole(holes))])),
      ...list((holes + 1) ** 2, (at) => {
        const [i, j] = [Math.floor(at / (holes + 1)), at % (holes + 1)];
        return i === j ? not(no) : not(equal(x(i), x(j)));
      }),
    );
  },
};
