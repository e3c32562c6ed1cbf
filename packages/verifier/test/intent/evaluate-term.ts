import type { Term, TermValue } from "../../src/term.ts";

/** A field of every account: what is not listed holds 0. */
export type ArrayValue = ReadonlyMap<bigint, bigint>;
export type SymbolValue = TermValue | ArrayValue;

/**
 * The value of a term, straight from the SMT-LIB definitions: an oracle that shares nothing with
 * the interpreter. Division by zero, which SMT-LIB leaves open, gives 0.
 */
export function evaluateTerm(term: Term, symbols: ReadonlyMap<string, SymbolValue>): SymbolValue {
  const number = (inner: Term): bigint => evaluateTerm(inner, symbols) as bigint;
  const truth = (inner: Term): boolean => evaluateTerm(inner, symbols) as boolean;
  switch (term.type) {
    case "integer":
    case "boolean":
      return term.value;
    case "symbol": {
      const value = symbols.get(term.name);
      if (value === undefined) throw new Error(`no value for ${term.name}`);
      return value;
    }
    case "arithmetic":
      return term.operands.map(number).reduce((a, b) => calculate(term.operator, a, b));
    case "compare":
      return term.operator === "less"
        ? number(term.left) < number(term.right)
        : number(term.left) <= number(term.right);
    case "equal":
      return evaluateTerm(term.left, symbols) === evaluateTerm(term.right, symbols);
    case "not":
      return !truth(term.operand);
    case "and":
      return term.operands.every(truth);
    case "or":
      return term.operands.some(truth);
    case "implies":
      return !truth(term.left) || truth(term.right);
    case "if":
      return evaluateTerm(truth(term.condition) ? term.then : term.else, symbols);
    case "select":
      return (evaluateTerm(term.array, symbols) as ArrayValue).get(number(term.index)) ?? 0n;
    case "store": {
      const array = new Map(evaluateTerm(term.array, symbols) as ArrayValue);
      return array.set(number(term.index), number(term.value));
    }
    default:
      throw new Error(`${term.type} does not occur in an intent's obligations`);
  }
}

function calculate(operator: string, a: bigint, b: bigint): bigint {
  if (operator === "add") return a + b;
  if (operator === "subtract") return a - b;
  if (operator === "multiply") return a * b;
  if (b === 0n) return 0n;
  // SMT-LIB Ints: for b != 0, a = b * (div a b) + (mod a b) and 0 <= (mod a b) < |b|.
  const magnitude = b < 0n ? -b : b;
  const remainder = ((a % magnitude) + magnitude) % magnitude;
  return operator === "modulo" ? remainder : (a - remainder) / b;
}
