import type { BitOperator, Sort, Term } from "../../../src/term.ts";
import type { Value } from "../oracle/value.ts";

/** Claim for a prover: the assumptions imply the goal. */
export interface Claim {
  readonly assumptions: readonly Term[];
  readonly goal: Term;
}

type ArithmeticOperator = Extract<Term, { type: "arithmetic" }>["operator"];

export const yes: Term = { type: "boolean", value: true };
export const no: Term = { type: "boolean", value: false };

export function int(value: bigint | number): Term {
  return { type: "integer", value: BigInt(value) };
}

export function rational(numerator: bigint | number, denominator: bigint | number = 1n): Term {
  return { type: "rational", numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

export function bitsOf(width: number, value: bigint | number): Term {
  return { type: "bits", width, value: BigInt.asUintN(width, BigInt(value)) };
}

export function symbol(name: string, sort: Sort): Term {
  return { type: "symbol", name, sort };
}

export function apply(name: string, sort: Sort, ...operands: readonly Term[]): Term {
  return { type: "apply", name, sort, operands };
}

export function arithmetic(operator: ArithmeticOperator, ...operands: readonly Term[]): Term {
  return { type: "arithmetic", operator, operands };
}

export function add(...operands: readonly Term[]): Term {
  return arithmetic("add", ...operands);
}

export function times(...operands: readonly Term[]): Term {
  return arithmetic("multiply", ...operands);
}

export function minus(left: Term, right: Term): Term {
  return arithmetic("subtract", left, right);
}

export function less(left: Term, right: Term): Term {
  return { type: "compare", operator: "less", left, right };
}

export function atMost(left: Term, right: Term): Term {
  return { type: "compare", operator: "at-most", left, right };
}

export function equal(left: Term, right: Term): Term {
  return { type: "equal", left, right };
}

export function not(operand: Term): Term {
  return { type: "not", operand };
}

export function and(...operands: readonly Term[]): Term {
  return { type: "and", operands };
}

export function or(...operands: readonly Term[]): Term {
  return { type: "or", operands };
}

export function implies(left: Term, right: Term): Term {
  return { type: "implies", left, right };
}

export function ifElse(condition: Term, then: Term, otherwise: Term): Term {
  // oxlint-disable-next-line unicorn/no-thenable -- data of a formula, never awaited
  return { type: "if", condition, then, else: otherwise };
}

export function select(array: Term, index: Term): Term {
  return { type: "select", array, index };
}

export function store(array: Term, index: Term, value: Term): Term {
  return { type: "store", array, index, value };
}

export function constantArray(index: Sort, value: Term): Term {
  return { type: "constant-array", index, value };
}

export function bitwise(operator: BitOperator, ...operands: readonly Term[]): Term {
  return { type: "bit-operation", operator, operands };
}

export function extract(high: number, low: number, operand: Term): Term {
  return { type: "extract", high, low, operand };
}

export function unsignedLess(left: Term, right: Term): Term {
  return { type: "compare-bits", operator: "unsigned-less", left, right };
}

export function signedLess(left: Term, right: Term): Term {
  return { type: "compare-bits", operator: "signed-less", left, right };
}

export function toReal(operand: Term): Term {
  return { type: "to-real", operand };
}

export function floor(operand: Term): Term {
  return { type: "floor", operand };
}

export function bits(width: number): Sort {
  return { type: "bits", width };
}

export function arrayOf(index: Sort, element: Sort): Sort {
  return { type: "array", index, element };
}

export function uninterpreted(name: string): Sort {
  return { type: "uninterpreted", name };
}

/** The term that is always a value, where there is one. */
export function literalOf(value: Value): Term | undefined {
  if (typeof value === "bigint") return int(value);
  if (typeof value === "boolean") return value ? yes : no;
  if (value.type === "bits") return bitsOf(value.width, value.value);
  if (value.type === "real" && value.b === 0n) return rational(value.a, value.d);
  return undefined;
}
