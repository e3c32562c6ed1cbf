import type { Sort, Term } from "../term.ts";

/**
 * Formula `true`. The functions of this module construct the other terms. Some of them simplify
 * trivial cases, so that formulas stay readable.
 */
export const truth: Term = { type: "boolean", value: true };

/** Sort of one field of all accounts: an array from account to amount. */
export const holdings: Sort = { type: "array", index: "integer", element: "integer" };

export const integer = (value: bigint): Term => ({ type: "integer", value });

export const symbol = (name: string, sort: Sort): Term => ({ type: "symbol", name, sort });

export const add = (...operands: readonly Term[]): Term => {
  const [only, second] = operands;
  if (only === undefined) return integer(0n);
  return second === undefined ? only : { type: "arithmetic", operator: "add", operands };
};

export const subtract = (left: Term, right: Term): Term => ({
  type: "arithmetic",
  operator: "subtract",
  operands: [left, right],
});

export const less = (left: Term, right: Term): Term => ({
  type: "compare",
  operator: "less",
  left,
  right,
});

export const atMost = (left: Term, right: Term): Term => ({
  type: "compare",
  operator: "at-most",
  left,
  right,
});

export const equal = (left: Term, right: Term): Term => ({ type: "equal", left, right });

export const not = (operand: Term): Term => ({ type: "not", operand });

export const and = (...operands: readonly Term[]): Term => {
  const [only, second] = operands;
  if (only === undefined) return truth;
  return second === undefined ? only : { type: "and", operands };
};

export const or = (...operands: readonly Term[]): Term => ({ type: "or", operands });

export const implies = (left: Term, right: Term): Term => ({ type: "implies", left, right });

/** Returns the formula that `goal` holds if all conditions of `path` hold. */
export const under = (path: readonly Term[], goal: Term): Term =>
  path.length === 0 ? goal : implies(and(...path), goal);

export const choose = (condition: Term, then: Term, otherwise: Term): Term => ({
  type: "if",
  condition,
  // oxlint-disable-next-line unicorn/no-thenable -- data of a formula, never awaited
  then,
  else: otherwise,
});

export const select = (array: Term, index: Term): Term => ({ type: "select", array, index });

export const store = (array: Term, index: Term, value: Term): Term => ({
  type: "store",
  array,
  index,
  value,
});
