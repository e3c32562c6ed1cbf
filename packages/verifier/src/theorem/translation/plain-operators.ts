import type { Term } from "../../term.ts";
import { choose, equal, not } from "./connectives.ts";

type Meaning = (operands: readonly Term[], indices: readonly number[]) => Term | undefined;

const truth = (value: boolean): Term => ({ type: "boolean", value });

/** Operators of Core, Ints, Reals and ArraysEx whose translation does not depend on a sort. */
export const plainMeanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["true", () => truth(true)],
  ["false", () => truth(false)],
  ["not", unary(not)],
  ["and", (operands) => ({ type: "and", operands })],
  ["or", (operands) => ({ type: "or", operands })],
  ["=>", binary((left, right) => ({ type: "implies", left, right }))],
  ["xor", binary((left, right) => not(equal(left, right)))],
  ["=", binary(equal)],
  ["distinct", distinct],
  [
    "ite",
    ([condition, then, other]) =>
      condition && then && other ? choose(condition, then, other) : undefined,
  ],
  ["+", arithmetic("add")],
  ["*", arithmetic("multiply")],
  ["div", arithmetic("divide")],
  ["mod", arithmetic("modulo")],
  ["/", arithmetic("quotient")],
  ["<", binary((left, right) => ({ type: "compare", operator: "less", left, right }))],
  [">", binary((left, right) => ({ type: "compare", operator: "less", left: right, right: left }))],
  ["<=", binary((left, right) => ({ type: "compare", operator: "at-most", left, right }))],
  [
    ">=",
    binary((left, right) => ({ type: "compare", operator: "at-most", left: right, right: left })),
  ],
  ["to_real", unary((operand) => ({ type: "to-real", operand }))],
  ["to_int", unary((operand) => ({ type: "floor", operand }))],
  [
    "is_int",
    unary((operand) => equal(operand, { type: "to-real", operand: { type: "floor", operand } })),
  ],
  ["select", binary((array, index) => ({ type: "select", array, index }))],
  [
    "store",
    ([array, index, value]) =>
      array && index && value ? { type: "store", array, index, value } : undefined,
  ],
]);

/**
 * Returns the translation of `- x` and `abs x`, which need a zero of the right sort, and of `x -
 * y`. Undefined without operands.
 */
export function signMeaning(
  name: "-" | "abs",
  operands: readonly Term[],
  sort: "Int" | "Real",
): Term | undefined {
  const zero: Term =
    sort === "Int"
      ? { type: "integer", value: 0n }
      : { type: "rational", numerator: 0n, denominator: 1n };
  const [left, right] = operands;
  if (left === undefined) return undefined;
  const difference = (from: Term, subtracted: Term): Term => ({
    type: "arithmetic",
    operator: "subtract",
    operands: [from, subtracted],
  });
  if (name === "-") return right === undefined ? difference(zero, left) : difference(left, right);
  const condition: Term = { type: "compare", operator: "less", left, right: zero };
  return choose(condition, difference(zero, left), left);
}

/**
 * Greatest number of operands of a `distinct` that is translated. A longer one would be too long to
 * be certified when it is written out.
 */
const DISTINCT_TERMS_MAX = 100;

function distinct(operands: readonly Term[]): Term | undefined {
  if (operands.length > DISTINCT_TERMS_MAX) return undefined;
  const pairs: Term[] = [];
  operands.forEach((left, index) => {
    for (const right of operands.slice(index + 1)) pairs.push(not(equal(left, right)));
  });
  const [only] = pairs;
  return pairs.length === 1 ? only : { type: "and", operands: pairs };
}

function unary(meaning: (operand: Term) => Term): Meaning {
  return ([operand]) => (operand === undefined ? undefined : meaning(operand));
}

function binary(meaning: (left: Term, right: Term) => Term): Meaning {
  return ([left, right]) =>
    left === undefined || right === undefined ? undefined : meaning(left, right);
}

function arithmetic(operator: Extract<Term, { type: "arithmetic" }>["operator"]): Meaning {
  return (operands) => ({ type: "arithmetic", operator, operands });
}
