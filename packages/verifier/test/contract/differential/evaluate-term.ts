import type { Term, TermValue } from "../../../src/term.ts";

/** Value of a term. An array is a function of its index. */
export type Value = TermValue | ArrayValue;
export type ArrayValue = (index: bigint) => Value;

/** Values of symbols, and of free functions by name. */
export interface Valuation {
  readonly symbols: Map<string, Value>;
  readonly apply: (name: string, operands: readonly Value[]) => TermValue;
}

/** Quotient and remainder of a division by zero: SMT-LIB says nothing of it, so any will do. */
const BY_ZERO = -3n;

/** Returns the value of a term by the definitions of SMT-LIB. */
export function evaluateTerm(term: Term, valuation: Valuation): Value {
  return valueOf(term, { valuation, known: new Map() });
}

/** Returns whether a formula holds. */
export function holds(term: Term, valuation: Valuation): boolean {
  return evaluateTerm(term, valuation) === true;
}

interface Walk {
  readonly valuation: Valuation;
  readonly known: Map<Term, Value>;
}

function valueOf(term: Term, walk: Walk): Value {
  const known = walk.known.get(term);
  if (known !== undefined) return known;
  const value = compute(term, walk);
  walk.known.set(term, value);
  return value;
}

function compute(term: Term, walk: Walk): Value {
  const of = (one: Term): Value => valueOf(one, walk);
  switch (term.type) {
    case "integer":
    case "boolean":
      return term.value;
    case "symbol": {
      const value = walk.valuation.symbols.get(term.name);
      if (value === undefined) throw new Error(`no value for ${term.name}`);
      return value;
    }
    case "apply":
      return walk.valuation.apply(term.name, term.operands.map(of));
    case "arithmetic":
      return term.operands.map((one) => number(of(one))).reduce((a, b) => calculate(term, a, b));
    case "compare": {
      const [left, right] = [number(of(term.left)), number(of(term.right))];
      return term.operator === "less" ? left < right : left <= right;
    }
    case "equal":
      return of(term.left) === of(term.right);
    case "not":
      return of(term.operand) !== true;
    case "and":
      return term.operands.every((one) => of(one) === true);
    case "or":
      return term.operands.some((one) => of(one) === true);
    case "implies":
      return of(term.left) !== true || of(term.right) === true;
    case "if":
      return of(term.condition) === true ? of(term.then) : of(term.else);
    case "select":
      return array(of(term.array))(number(of(term.index)));
    case "store": {
      const [before, at, value] = [array(of(term.array)), number(of(term.index)), of(term.value)];
      return (index) => (index === at ? value : before(index));
    }
    default:
      throw new Error(`obligations of contracts have no ${term.type}`);
  }
}

function calculate(term: Extract<Term, { type: "arithmetic" }>, a: bigint, b: bigint): bigint {
  switch (term.operator) {
    case "add":
      return a + b;
    case "subtract":
      return a - b;
    case "multiply":
      return a * b;
    default: {
      if (b === 0n) return BY_ZERO;
      const magnitude = b < 0n ? -b : b;
      const remainder = ((a % magnitude) + magnitude) % magnitude;
      return term.operator === "modulo" ? remainder : (a - remainder) / b;
    }
  }
}

function number(value: Value): bigint {
  if (typeof value !== "bigint") throw new Error("expected a number");
  return value;
}

function array(value: Value): ArrayValue {
  if (typeof value !== "function") throw new Error("expected an array");
  return value;
}
