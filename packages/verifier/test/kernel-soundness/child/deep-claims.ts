import type { Sort, Term } from "../../../src/term.ts";

/** Claims that are deep, wide or both; without recursion, and with no import but of types. */
export interface DeepClaim {
  readonly name: string;
  readonly claim: { readonly assumptions: readonly Term[]; readonly goal: Term };
}

const no: Term = { type: "boolean", value: false };
const [x, y]: readonly Term[] = ["x", "y"].map((name) => ({
  type: "symbol",
  name,
  sort: "integer",
}));
const p: Term = { type: "symbol", name: "p", sort: "boolean" };
const integers: Sort = { type: "array", index: "integer", element: "integer" };
const a: Term = { type: "symbol", name: "a", sort: integers };
const m: Term = { type: "symbol", name: "m", sort: { type: "bits", width: 8 } };

/** Towers of `depth` terms of each kind, and lists of as many, each claimed or assumed. */
export function deepClaims(depth: number): readonly DeepClaim[] {
  const [left = no, right = no] = [x, y];
  const tower = (start: Term, step: (inner: Term, at: number) => Term): Term => {
    let term = start;
    for (let at = 0; at < depth; at++) term = step(term, at);
    return term;
  };
  const number = (at: number): Term => ({ type: "integer", value: BigInt(at) });
  const sum = (inner: Term, other: Term): Term => ({
    type: "arithmetic",
    operator: "add",
    operands: [inner, other],
  });
  const equal = (one: Term, other: Term): Term => ({ type: "equal", left: one, right: other });
  const towers: Readonly<Record<string, Term>> = {
    not: tower(p, (operand) => ({ type: "not", operand })),
    and: tower(p, (inner) => ({ type: "and", operands: [inner, p] })),
    or: tower(p, (inner, at) => ({ type: "or", operands: [equal(left, number(at)), inner] })),
    implies: tower(p, (inner) => ({ type: "implies", left: inner, right: p })),
    "boolean if": tower(p, (inner) => choice(p, inner, p)),
    "integer if": equal(
      tower(left, (inner) => choice(p, inner, right)),
      right,
    ),
    add: equal(
      tower(left, (inner) => sum(inner, right)),
      left,
    ),
    "add itself": equal(
      tower(left, (inner) => sum(inner, inner)),
      left,
    ),
    multiply: equal(
      tower(left, (inner) => ({
        type: "arithmetic",
        operator: "multiply",
        operands: [inner, inner],
      })),
      left,
    ),
    divide: equal(
      tower(left, (inner) => ({
        type: "arithmetic",
        operator: "divide",
        operands: [inner, right],
      })),
      left,
    ),
    apply: equal(
      tower(left, (inner) => ({ type: "apply", name: "f", operands: [inner], sort: "integer" })),
      left,
    ),
    "to-real and floor": equal(
      tower(left, (inner) => ({
        type: "floor",
        operand: { type: "to-real", operand: inner },
      })),
      right,
    ),
    stores: equal(
      {
        type: "select",
        array: tower(a, (inner, at) => ({
          type: "store",
          array: inner,
          index: number(at),
          value: right,
        })),
        index: left,
      },
      right,
    ),
    "stores of reads": equal(
      tower(a, (inner) => ({
        type: "store",
        array: inner,
        index: left,
        value: { type: "select", array: inner, index: right },
      })),
      a,
    ),
    bits: equal(
      tower(m, (inner) => ({ type: "bit-operation", operator: "complement", operands: [inner] })),
      m,
    ),
    "nested arrays": equal(nested(depth), nested(depth)),
  };
  const wide: Readonly<Record<string, Term>> = {
    "wide and": { type: "and", operands: list(depth, (at) => equal(left, number(at))) },
    "wide or": { type: "or", operands: list(depth, () => p) },
    "wide add": equal({ type: "arithmetic", operator: "add", operands: list(depth, number) }, left),
    "wide multiply": equal(
      { type: "arithmetic", operator: "multiply", operands: list(depth, () => left) },
      left,
    ),
    "wide apply": {
      type: "apply",
      name: "g",
      operands: list(depth, () => right),
      sort: "boolean",
    },
  };
  return Object.entries({ ...towers, ...wide }).map(([name, formula], at) =>
    (at + depth) % 2 === 0
      ? { name, claim: { assumptions: [], goal: formula } }
      : { name: `${name}, assumed`, claim: { assumptions: [formula], goal: no } },
  );
}

function choice(condition: Term, then: Term, otherwise: Term): Term {
  // oxlint-disable-next-line unicorn/no-thenable -- data of a formula, never awaited
  return { type: "if", condition, then, else: otherwise };
}

function list(length: number, make: (at: number) => Term): readonly Term[] {
  return Array.from({ length }, (_, at) => make(at));
}

/** A symbol of an array of arrays of arrays. */
function nested(depth: number): Term {
  let sort: Sort = "integer";
  for (let at = 0; at < depth; at++) sort = { type: "array", index: "integer", element: sort };
  return { type: "symbol", name: `nested`, sort };
}
