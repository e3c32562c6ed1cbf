import { findFormatFault } from "../signatures/floats.ts";
import type { Sort } from "../sorts/sort.ts";
import { type List, type Node, ScreenError } from "../syntax/s-expression.ts";
import { asSymbol, child, textOf } from "../syntax/shape.ts";
import type { Environment } from "./environment.ts";
import { readIndex } from "./read-index.ts";
import { refuseUnknown } from "./refuse.ts";

/** Index of each sort parameter in scope, by name. Parameters shadow declared sorts. */
export type SortParameters = ReadonlyMap<string, number>;

const noParameters: SortParameters = new Map();

/**
 * Reads a sort.
 *
 * @throws ScreenError `undeclared` for an unknown name, `sort` for a wrong number of arguments.
 */
export function readSort(
  environment: Environment,
  root: Node,
  parameters: SortParameters = noParameters,
): Sort {
  const values: Sort[] = [];
  const tasks: { readonly node: Node; readonly visited: boolean }[] = [
    { node: root, visited: false },
  ];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { node } = task;
    const operands = node.type === "list" && !isIndexed(node) ? node.items.slice(1) : [];
    if (task.visited || operands.length === 0) {
      const taken = values.splice(values.length - operands.length, operands.length);
      values.push(applySort(environment, node, taken, parameters));
    } else {
      tasks.push({ node, visited: true });
      for (const operand of operands.toReversed()) tasks.push({ node: operand, visited: false });
    }
  }
  const sort = values.pop();
  if (sort === undefined) throw new ScreenError("shape", "expected a sort", root.at);
  return sort;
}

function isIndexed(node: List): boolean {
  const head = node.items[0];
  return head?.type === "symbol" && head.text === "_";
}

function applySort(
  environment: Environment,
  node: Node,
  operands: readonly Sort[],
  parameters: SortParameters,
): Sort {
  if (node.type === "list") {
    if (isIndexed(node)) return indexedSort(environment, node);
    if (node.items.length < 2) throw new ScreenError("shape", "expected a sort", node.at);
  }
  const name = asSymbol(node.type === "list" ? child(node, 0) : node);
  const { sorts, sortNames } = environment;
  const parameter = parameters.get(name.text);
  if (parameter !== undefined) {
    requireCount(name.text, 0, operands.length, node.at);
    return sorts.parameter(parameter);
  }
  const meaning = sortNames.get(name.text);
  if (meaning?.type === "declared") {
    requireCount(name.text, meaning.symbol.arity, operands.length, node.at);
    return sorts.declared(meaning.symbol, operands);
  }
  if (meaning?.type === "defined") {
    requireCount(name.text, meaning.arity, operands.length, node.at);
    return sorts.instantiate(meaning.sort, operands);
  }
  if (name.text === "Array") {
    requireCount("Array", 2, operands.length, node.at);
    const [index, element] = operands;
    if (index !== undefined && element !== undefined) return sorts.array(index, element);
  }
  const plain = plainSort(environment, name.text);
  if (plain === undefined) return refuseUnknown(name.text, name.at, `sort ${name.text}`);
  requireCount(name.text, 0, operands.length, node.at);
  return plain;
}

function plainSort({ sorts }: Environment, name: string): Sort | undefined {
  switch (name) {
    case "Bool":
    case "Int":
    case "Real":
    case "RoundingMode":
    case "String":
    case "RegLan":
      return sorts.plain(name);
    case "Float16":
      return sorts.float(5, 11);
    case "Float32":
      return sorts.float(8, 24);
    case "Float64":
      return sorts.float(11, 53);
    case "Float128":
      return sorts.float(15, 113);
    default:
      return undefined;
  }
}

function indexedSort({ sorts, limits }: Environment, node: List): Sort {
  const name = textOf(node.items[1]);
  const indices = node.items.slice(2).map((item) => readIndex(item, limits.bitWidth));
  const [first = 0, second = 0] = indices;
  if (name === "BitVec" && indices.length === 1) {
    if (first > 0) return sorts.bits(first);
    throw new ScreenError("index", "a bit vector must have at least one bit", node.at);
  }
  if (name === "FloatingPoint" && indices.length === 2) {
    const fault = findFormatFault(first, second);
    if (fault === undefined) return sorts.float(first, second);
    throw new ScreenError("index", fault, node.at);
  }
  return refuseUnknown(name, node.at, `sort (_ ${name} ...)`);
}

function requireCount(name: string, expected: number, found: number, at: number): void {
  if (expected === found) return;
  throw new ScreenError("sort", `sort ${name} takes ${expected} sorts, found ${found}`, at);
}
