import { readElement } from "./arrays.ts";
import { demand, refuse, spend } from "./limits.ts";
import type { Literal, Node, NodeSort, Problem } from "./problem.ts";
import { addClause, addNode, negate } from "./problem.ts";
import { defineValues, equalLiteral } from "./values.ts";

/** Steps that add instances of axioms. A certificate has those that its proof needs. */

/**
 * Adds the clause that equal operands give equal results. This holds for every operator, because
 * each is a function: a free one (`apply`, `select`), a partly defined one (division by 0), or a
 * wholly defined one.
 */
export function addCongruence(problem: Problem, left: number, right: number): void {
  const [a, b] = [nodeAt(problem, left), nodeAt(problem, right)];
  spend(problem.meter, 20 + 10 * a.operands.length);
  demand(a.operator === b.operator && a.detail === b.detail, "congruence of two functions");
  const alike = [a, b].map(({ sort, operands }) =>
    [sort, ...operands.map((id) => nodeAt(problem, id).sort)].join(),
  );
  demand(alike[0] === alike[1], "congruence of two signatures");
  const unequal = a.operands.map((id, at) =>
    negate(equalLiteral(problem, id, b.operands[at] ?? -1)),
  );
  addClause(problem, [...unequal, equalLiteral(problem, left, right)]);
}

/** Adds the clause that equal arrays have equal elements at an index. */
export function addRead(problem: Problem, arrays: readonly [number, number], index: number): void {
  const sort = nodeAt(problem, index).sort;
  demand(sort === arraySort(problem, arrays).index, "read: sort of the index");
  addClause(problem, [
    negate(equalLiteral(problem, ...arrays)),
    sameElements(problem, arrays, index),
  ]);
}

/**
 * Adds the clause that two unequal arrays differ at some index (SMT-LIB ArraysEx). The index is a
 * fresh node, one for each pair of arrays.
 */
export function addExtensionality(problem: Problem, left: number, right: number): void {
  const sort = arraySort(problem, [left, right]).index;
  const index = addNode(problem, "fresh", sort, [], `${left} ${right}`);
  const elements = sameElements(problem, [left, right], index);
  addClause(problem, [equalLiteral(problem, left, right), negate(elements)]);
}

function sameElements(problem: Problem, arrays: readonly [number, number], index: number): Literal {
  const [left, right] = arrays.map((array) => readElement(problem, array, index));
  defineValues(problem);
  return equalLiteral(problem, left ?? -1, right ?? -1);
}

function arraySort(
  problem: Problem,
  [left, right]: readonly [number, number],
): Extract<NodeSort, { type: "array" }> {
  const sort = problem.sorts[nodeAt(problem, left).sort];
  demand(nodeAt(problem, left).sort === nodeAt(problem, right).sort, "arrays of two sorts");
  return sort?.type === "array" ? sort : refuse("a node is not an array");
}

function nodeAt(problem: Problem, id: number): Node {
  return problem.nodes[id] ?? refuse("a node that does not exist");
}
