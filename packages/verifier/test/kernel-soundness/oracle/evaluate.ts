import type { BitOperator, Term } from "../../../src/term.ts";
import { bitOperation, signedOf } from "./bits.ts";
import type { Model } from "./model.ts";
import {
  addReals,
  floorOfReal,
  invertReal,
  multiplyReals,
  negateReal,
  type RealNumber,
  realNumber,
  signOfReal,
} from "./real-number.ts";
import { type ArrayValue, arrayValue, type BitsValue, keyOf, type Value } from "./value.ts";

/**
 * The value of a term in a model, straight from SMT-LIB's definitions: shares nothing with kernel,
 * prover or interpreter. Of a shared term once, and without recursion.
 *
 * @throws Error on an ill-sorted term.
 */
export function evaluate(root: Term, model: Model, memo = new Map<Term, Value>()): Value {
  const stack: Term[] = [root];
  for (let term = stack.at(-1); term !== undefined; term = stack.at(-1)) {
    const waiting = memo.has(term) ? [] : operandsOf(term).filter((one) => !memo.has(one));
    if (waiting.length > 0) {
      for (const one of waiting) stack.push(one);
      continue;
    }
    stack.pop();
    if (memo.has(term)) continue;
    const values = operandsOf(term).map((one) => memo.get(one));
    memo.set(
      term,
      meaning(
        term,
        values.filter((one) => one !== undefined),
        model,
      ),
    );
  }
  const value = memo.get(root);
  if (value === undefined) throw new Error("a term without a value");
  return value;
}

/** The terms that a term is made of, in the order of its fields. */
export function operandsOf(term: Term): readonly Term[] {
  switch (term.type) {
    case "integer":
    case "boolean":
    case "rational":
    case "bits":
    case "symbol":
      return [];
    case "apply":
    case "arithmetic":
    case "and":
    case "or":
    case "bit-operation":
      return term.operands;
    case "to-real":
    case "floor":
    case "not":
    case "extract":
      return [term.operand];
    case "compare":
    case "equal":
    case "implies":
    case "compare-bits":
      return [term.left, term.right];
    case "if":
      return [term.condition, term.then, term.else];
    case "select":
      return [term.array, term.index];
    case "store":
      return [term.array, term.index, term.value];
    case "constant-array":
      return [term.value];
  }
}

function meaning(term: Term, values: readonly Value[], model: Model): Value {
  const [first, second, third] = values;
  switch (term.type) {
    case "integer":
    case "boolean":
      return term.value;
    case "rational":
      return realNumber(term.numerator, 0n, term.denominator);
    case "bits":
      return { type: "bits", width: term.width, value: term.value };
    case "symbol":
      return model.symbol(term.name, term.sort);
    case "apply":
      return model.apply(term.name, term.sort, values);
    case "arithmetic":
      return arithmetic(term.operator, values, model);
    case "to-real":
      return realNumber(integer(first));
    case "floor":
      return floorOfReal(real(first));
    case "compare": {
      const sign = compare(first, second);
      return term.operator === "less" ? sign < 0 : sign <= 0;
    }
    case "equal":
      return keyOf(known(first)) === keyOf(known(second));
    case "not":
      return !truth(first);
    case "and":
      return values.every(truth);
    case "or":
      return values.some(truth);
    case "implies":
      return !truth(first) || truth(second);
    case "if":
      return known(truth(first) ? second : third);
    case "select":
    case "store":
    case "constant-array":
      return arrayMeaning(term, values, model);
    case "bit-operation":
    case "extract":
    case "compare-bits":
      return bitMeaning(term, values);
  }
}

function arrayMeaning(
  term: Extract<Term, { type: "select" | "store" | "constant-array" }>,
  [first, second, third]: readonly Value[],
  model: Model,
): Value {
  if (term.type === "constant-array") {
    return arrayValue(term.index, new Map(), known(first), model.sizes);
  }
  const held = array(first);
  const at = keyOf(known(second));
  if (term.type === "select") return held.entries.get(at) ?? held.otherwise;
  const entries = new Map(held.entries).set(at, known(third));
  return arrayValue(held.index, entries, held.otherwise, model.sizes);
}

function bitMeaning(
  term: Extract<Term, { type: "bit-operation" | "extract" | "compare-bits" }>,
  values: readonly Value[],
): Value {
  const [first, second] = values;
  if (term.type === "extract") {
    const width = term.high - term.low + 1;
    const value = (bits(first).value >> BigInt(term.low)) & ((1n << BigInt(width)) - 1n);
    return { type: "bits", width, value };
  }
  if (term.type === "bit-operation") {
    const operator: BitOperator = term.operator;
    return bitOperation(operator, values.map(bits));
  }
  return term.operator === "signed-less"
    ? signedOf(bits(first)) < signedOf(bits(second))
    : bits(first).value < bits(second).value;
}

type ArithmeticOperator = Extract<Term, { type: "arithmetic" }>["operator"];

function arithmetic(operator: ArithmeticOperator, values: readonly Value[], model: Model): Value {
  const [first, second] = values;
  if (operator === "quotient") {
    const divisor = real(second);
    if (signOfReal(divisor) === 0) return model.byZero("quotient", real(first));
    return multiplyReals(real(first), invertReal(divisor));
  }
  if (operator === "divide" || operator === "modulo") {
    const [a, b] = [integer(first), integer(second)];
    if (b === 0n) return model.byZero(operator, a);
    const size = b < 0n ? -b : b;
    const remainder = ((a % size) + size) % size;
    return operator === "modulo" ? remainder : (a - remainder) / b;
  }
  if (typeof first === "bigint") {
    const numbers = values.map(integer);
    if (operator === "add") return numbers.reduce((a, b) => a + b);
    if (operator === "multiply") return numbers.reduce((a, b) => a * b);
    return numbers.reduce((a, b) => a - b);
  }
  const numbers = values.map(real);
  if (operator === "add") return numbers.reduce(addReals);
  if (operator === "multiply") return numbers.reduce(multiplyReals);
  return numbers.reduce((a, b) => addReals(a, negateReal(b)));
}

function compare(left: Value | undefined, right: Value | undefined): number {
  if (typeof left === "bigint") {
    const other = integer(right);
    return left < other ? -1 : left > other ? 1 : 0;
  }
  return signOfReal(addReals(real(left), negateReal(real(right))));
}

function known(value: Value | undefined): Value {
  if (value === undefined) throw new Error("an operand is missing");
  return value;
}

function truth(value: Value | undefined): boolean {
  if (typeof value === "boolean") return value;
  throw new Error("ill-sorted: a boolean is wanted");
}

function integer(value: Value | undefined): bigint {
  if (typeof value === "bigint") return value;
  throw new Error("ill-sorted: an integer is wanted");
}

function real(value: Value | undefined): RealNumber {
  if (typeof value === "object" && value.type === "real") return value;
  throw new Error("ill-sorted: a real is wanted");
}

function bits(value: Value | undefined): BitsValue {
  if (typeof value === "object" && value.type === "bits") return value;
  throw new Error("ill-sorted: bits are wanted");
}

function array(value: Value | undefined): ArrayValue {
  if (typeof value === "object" && value.type === "array") return value;
  throw new Error("ill-sorted: an array is wanted");
}
