import { readElement } from "./arrays.ts";
import { require } from "./limits.ts";
import { addClause, addNode, type Node, type NodeSort, negate, type Problem } from "./problem.ts";
import { defineValues, equalLiteral } from "./values.ts";

/** Instances of axioms, of which a certificate names those that its proof needs. */

/**
 * Every operator is a function: equal operands give equal results. True of each, whether it is
 * free (`apply`, `select`), open at some operands (division by zero) or wholly defined.
 */
export function addCongruence(problem: Problem, left: number, right: number): void {
  const [a, b] = [nodeAt(problem, left), nodeAt(problem, right)];
  const functions = a.operator === b.operator && a.detail === b.detail && a.sort === b.sort;
  require(functions && a.operator !== "fresh", "congruence of two functions");
  // An operator's operands may be of other sorts or numbers: `select`, `equal`, `and`.
  const alike = a.operands.every(
    (operand, at) => sortOf(problem, operand) === sortOf(problem, b.operands[at]),
  );
  require(alike && a.operands.length === b.operands.length, "congruence of two signatures");
  const unequal = a.operands.map((operand, at) =>
    negate(equalLiteral(problem, operand, b.operands[at] ?? -1)),
  );
  addClause(problem, [...unequal, equalLiteral(problem, left, right)]);
}

/** Equal arrays have equal elements at each index: congruence of reads that no term makes. */
export function addRead(problem: Problem, arrays: readonly [number, number], index: number): void {
  const [left, right] = arrays;
  require(sortOf(problem, index) === arraySort(problem, arrays).index, "read: sort of the index");
  const elements = elementsAt(problem, arrays, index);
  addClause(problem, [negate(equalLiteral(problem, left, right)), elements]);
}

/**
 * Arrays that are not equal differ at some index (ArraysEx of SMT-LIB). The fresh symbol is that
 * index, of the two arrays in this order; if they are equal it is any.
 */
export function addExtensionality(problem: Problem, left: number, right: number): void {
  const { index } = arraySort(problem, [left, right]);
  const fresh = addNode(problem, {
    operator: "fresh",
    sort: index,
    operands: [],
    detail: `${left} ${right}`,
  });
  const elements = elementsAt(problem, [left, right], fresh);
  addClause(problem, [equalLiteral(problem, left, right), negate(elements)]);
}

/** Whether two arrays have equal elements at an index. */
function elementsAt(
  problem: Problem,
  [left, right]: readonly [number, number],
  index: number,
): number {
  const elements = [readElement(problem, left, index), readElement(problem, right, index)] as const;
  defineValues(problem);
  return equalLiteral(problem, ...elements);
}

function arraySort(
  problem: Problem,
  [left, right]: readonly [number, number],
): Extract<NodeSort, { type: "array" }> {
  const sort = problem.sorts[nodeAt(problem, left).sort];
  require(sort?.type === "array", "a node is not an array");
  require(sortOf(problem, right) === sortOf(problem, left), "two sorts of arrays");
  return sort;
}

function sortOf(problem: Problem, id: number | undefined): number {
  return nodeAt(problem, id).sort;
}

function nodeAt(problem: Problem, id: number | undefined): Node {
  const node = problem.nodes[id ?? -1];
  require(node !== undefined, "a node that does not exist");
  return node;
}
