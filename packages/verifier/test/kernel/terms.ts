import type { BitOperator, Sort, Term } from "../../src/term.ts";

/** Shorthand for terms of every kind. */
export const integer = (value: number | bigint): Term => ({
  type: "integer",
  value: BigInt(value),
});

export const rational = (numerator: number, denominator = 1): Term => ({
  type: "rational",
  numerator: BigInt(numerator),
  denominator: BigInt(denominator),
});

export const bits = (value: number | bigint, width: number): Term => ({
  type: "bits",
  width,
  value: BigInt(value),
});

export const truth: Term = { type: "boolean", value: true };
export const falsehood: Term = { type: "boolean", value: false };

export const symbol = (name: string, sort: Sort = "integer"): Term => ({
  type: "symbol",
  name,
  sort,
});

export const apply = (name: string, sort: Sort, ...operands: readonly Term[]): Term => ({
  type: "apply",
  name,
  sort,
  operands,
});

type Arithmetic = Extract<Term, { type: "arithmetic" }>["operator"];

export const arithmetic = (operator: Arithmetic, ...operands: readonly Term[]): Term => ({
  type: "arithmetic",
  operator,
  operands,
});

export const add = (...operands: readonly Term[]): Term => arithmetic("add", ...operands);
export const subtract = (left: Term, right: Term): Term => arithmetic("subtract", left, right);
export const multiply = (...operands: readonly Term[]): Term => arithmetic("multiply", ...operands);

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
export const and = (...operands: readonly Term[]): Term => ({ type: "and", operands });
export const or = (...operands: readonly Term[]): Term => ({ type: "or", operands });
export const implies = (left: Term, right: Term): Term => ({ type: "implies", left, right });

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

export const constantArray = (index: Sort, value: Term): Term => ({
  type: "constant-array",
  index,
  value,
});

export const arrayOf = (index: Sort, element: Sort): Sort => ({ type: "array", index, element });
export const bitsOf = (width: number): Sort => ({ type: "bits", width });

export const bitOperation = (operator: BitOperator, ...operands: readonly Term[]): Term => ({
  type: "bit-operation",
  operator,
  operands,
});

export const extract = (high: number, low: number, operand: Term): Term => ({
  type: "extract",
  high,
  low,
  operand,
});

export const compareBits = (
  operator: "unsigned-less" | "signed-less",
  left: Term,
  right: Term,
): Term => ({ type: "compare-bits", operator, left, right });

export const toReal = (operand: Term): Term => ({ type: "to-real", operand });
export const floor = (operand: Term): Term => ({ type: "floor", operand });
