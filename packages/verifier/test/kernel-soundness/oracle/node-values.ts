import type { Node, Problem } from "../../../src/kernel/problem.ts";
import type { BitOperator, Sort } from "../../../src/term.ts";
import { bitOperation, signedOf } from "./bits.ts";
import type { Model } from "./model.ts";
import {
  addReals,
  floorOfReal,
  invertReal,
  multiplyReals,
  negateReal,
  realNumber,
  signOfReal,
} from "./real-number.ts";
import { type ArrayValue, arrayValue, type BitsValue, keyOf, type Value } from "./value.ts";

/** Value of a node in a model, by the node's documentation alone. */
export function nodeValues(
  problem: Problem,
  names: readonly string[],
  model: Model,
): readonly Value[] {
  const values: Value[] = [];
  for (const node of problem.nodes) {
    const operands = node.operands.map((id) => at(values, id));
    values.push(valueOf({ problem, names, model, values }, node, operands));
  }
  return values;
}

interface Reading {
  readonly problem: Problem;
  readonly names: readonly string[];
  readonly model: Model;
  readonly values: readonly Value[];
}

/** The sort that an index of the problem stands for. */
export function sortAt(problem: Problem, index: number): Sort {
  const sort = problem.sorts[index];
  if (sort === undefined) throw new Error("no such sort");
  if (sort.type === "boolean" || sort.type === "integer" || sort.type === "real") return sort.type;
  if (sort.type !== "array") return sort;
  return {
    type: "array",
    index: sortAt(problem, sort.index),
    element: sortAt(problem, sort.element),
  };
}

/** Operators of nodes that are bit vectors. */
const circuits: ReadonlyMap<string, BitOperator> = new Map([
  ["not", "complement"],
  ["and", "and"],
  ["or", "or"],
  ["exclusive-or", "exclusive-or"],
  ["bits-add", "add"],
  ["bits-multiply", "multiply"],
  ["bits-divide", "divide"],
  ["bits-remainder", "remainder"],
  ["shift-left", "shift-left"],
  ["shift-right", "shift-right"],
  ["shift-right-arithmetic", "shift-right-arithmetic"],
  ["concatenate", "concatenate"],
]);

function valueOf(reading: Reading, node: Node, operands: readonly Value[]): Value {
  const { problem, names, model } = reading;
  const [first, second, third] = operands;
  const sort = sortAt(problem, node.sort);
  const circuit = circuits.get(node.operator);
  if (circuit !== undefined && typeof first === "object" && first.type === "bits") {
    return bitOperation(circuit, operands.map(bitsOf));
  }
  switch (node.operator) {
    case "constant":
      return constantOf(sort, node.detail);
    case "symbol":
      return model.symbol(names[Number(node.detail)] ?? "?", sort);
    case "apply":
      return model.apply(names[Number(node.detail)] ?? "?", sort, operands);
    case "fresh":
      return differingIndex(reading, node, sort);
    case "not":
      return first !== true;
    case "and":
      return operands.every((one) => one === true);
    case "or":
      return operands.some((one) => one === true);
    case "equal":
      return keyOf(some(first)) === keyOf(some(second));
    case "if":
      return some(first === true ? second : third);
    case "select": {
      const array = arrayOf(first);
      return array.entries.get(keyOf(some(second))) ?? array.otherwise;
    }
    case "store": {
      const array = arrayOf(first);
      const entries = new Map(array.entries).set(keyOf(some(second)), some(third));
      return arrayValue(array.index, entries, array.otherwise, model.sizes);
    }
    case "constant-array": {
      if (typeof sort !== "object" || sort.type !== "array") throw new Error("not an array");
      return arrayValue(sort.index, new Map(), some(first), model.sizes);
    }
    case "unsigned-less":
      return bitsOf(first).value < bitsOf(second).value;
    case "signed-less":
      return signedOf(bitsOf(first)) < signedOf(bitsOf(second));
    case "extract": {
      const width = typeof sort === "object" && sort.type === "bits" ? sort.width : 0;
      const shifted = bitsOf(first).value >> BigInt(node.detail);
      return { type: "bits", width, value: BigInt.asUintN(width, shifted) };
    }
    default:
      return number(node, operands, model);
  }
}

function constantOf(sort: Sort, detail: string): Value {
  if (sort === "boolean") return detail === "true";
  if (sort === "integer") return BigInt(detail);
  if (typeof sort === "object" && sort.type === "bits") {
    return { type: "bits", width: sort.width, value: BigInt(detail) };
  }
  const [numerator = "", denominator = "1"] = detail.split("/");
  return realNumber(BigInt(numerator), 0n, BigInt(denominator));
}

/** An index at which two arrays differ, if they do. */
function differingIndex(reading: Reading, node: Node, sort: Sort): Value {
  const [left = -1, right = -1] = node.detail.split(/\D+/).map(Number);
  const [a, b] = [arrayOf(at(reading.values, left)), arrayOf(at(reading.values, right))];
  const read = (array: ArrayValue, index: Value): string =>
    keyOf(array.entries.get(keyOf(index)) ?? array.otherwise);
  const arbitrary = (label: string): Value =>
    reading.model.symbol(`fresh ${node.detail} ${label}`, sort);
  for (let tries = 0; tries < 4_000 && a.key !== b.key; tries++) {
    const index = arbitrary(`${tries}`);
    if (read(a, index) !== read(b, index)) return index;
  }
  for (const key of a.key === b.key ? [] : [...a.entries.keys(), ...b.entries.keys()]) {
    const index = valueOfKey(key, sort);
    if (index !== undefined && read(a, index) !== read(b, index)) return index;
  }
  if (a.key !== b.key) throw new Error("two arrays differ nowhere");
  return arbitrary("0");
}

/** The value that a key is of, but for arrays. */
function valueOfKey(key: string, sort: Sort): Value | undefined {
  if (sort === "boolean") return key === "true";
  if (sort === "integer") return BigInt(key);
  const numbers = (key.match(/-?\d+/g) ?? []).map(BigInt);
  if (sort === "real") return realNumber(numbers[0] ?? 0n, numbers[1] ?? 0n, numbers[2] ?? 1n);
  if (sort.type === "bits") return { type: "bits", width: sort.width, value: numbers[0] ?? 0n };
  if (sort.type === "array") return undefined;
  return { type: "element", sort: sort.name, index: Number(key.split("!").at(-1)) };
}

function number(node: Node, operands: readonly Value[], model: Model): Value {
  const [first, second] = operands;
  const integers = operands.filter((one) => typeof one === "bigint");
  const reals = operands.filter((one) => typeof one === "object" && one.type === "real");
  const whole = integers.length === operands.length;
  const [a = 0n, b = 0n] = integers;
  const [x = realNumber(0n), y = realNumber(0n)] = reals;
  switch (node.operator) {
    case "add":
      return whole ? integers.reduce((s, one) => s + one) : reals.reduce(addReals);
    case "multiply":
      return whole ? integers.reduce((s, one) => s * one) : reals.reduce(multiplyReals);
    case "subtract":
      return whole ? a - b : addReals(x, negateReal(y));
    case "less":
    case "at-most": {
      const sign = whole ? Number(a > b) - Number(a < b) : signOfReal(addReals(x, negateReal(y)));
      return node.operator === "less" ? sign < 0 : sign <= 0;
    }
    case "divide":
    case "modulo": {
      if (b === 0n) return model.byZero(node.operator, a);
      const size = b < 0n ? -b : b;
      const rest = ((a % size) + size) % size;
      return node.operator === "modulo" ? rest : (a - rest) / b;
    }
    case "quotient":
      if (signOfReal(y) === 0) return model.byZero("quotient", x);
      return multiplyReals(x, invertReal(y));
    case "to-real":
      return realNumber(a);
    case "floor":
      return floorOfReal(x);
    default:
      throw new Error(`${node.operator} of ${typeof first} and ${typeof second}`);
  }
}

function at(values: readonly Value[], id: number): Value {
  return some(values[id]);
}

function some(value: Value | undefined): Value {
  if (value === undefined) throw new Error("a node without a value");
  return value;
}

function arrayOf(value: Value | undefined): ArrayValue {
  if (typeof value === "object" && value.type === "array") return value;
  throw new Error("not an array");
}

function bitsOf(value: Value | undefined): BitsValue {
  if (typeof value === "object" && value.type === "bits") return value;
  throw new Error("not a bit vector");
}
