import type { Problem } from "../../kernel/problem.ts";
import { addExtensionality, addRead } from "../../kernel/steps.ts";
import { equalLiteral } from "../../kernel/values.ts";
import { spend, spendParts } from "../budget/budget.ts";
import { payFor } from "../budget/paid-meter.ts";
import { valueOf } from "../search/solver.ts";
import { addStep, keepOriginal, type SearchState, takeClauses } from "../state/state.ts";
import type { Step } from "../state/steps.ts";

/** Greatest number of instances of array axioms that `addArrayInstances` adds at once. */
const instancesMax = 200;

/**
 * Adds instances of the array axioms, and tells whether it added any. The kernel rewrites reads of
 * stores, so only equalities of arrays remain. Arrays that the assignment makes equal are read at
 * every index of their sort. Arrays that it makes unequal differ at a fresh index (Stump et al., "A
 * decision procedure for an extensional theory of arrays", LICS 2001).
 */
export function addArrayInstances(state: SearchState): boolean {
  takeNodes(state);
  const { arrays, budget, problem, solver } = state;
  let count = 0;
  const add = (step: Step): void => {
    spend(budget, 1);
    const key = JSON.stringify(step);
    if (count >= instancesMax || arrays.done.has(key)) return;
    arrays.done.add(key);
    count++;
    instantiate(state, step);
  };
  for (const [left, right] of arrays.pairs.values()) {
    spend(budget, 1);
    const literal = payFor(
      budget,
      problem.meter,
      () => equalLiteral(problem, left, right),
      "search's",
    );
    const value = literal >> 1 < solver.levels.length ? valueOf(solver, literal) : 0;
    if (value < 0) add({ type: "extensionality", left, right });
    if (value <= 0) continue;
    const indexes = arrays.indexes.get(indexSortOf(problem, left)) ?? new Set();
    if (indexes.size === 0) add({ type: "extensionality", left, right });
    for (const index of indexes) add({ type: "read", left, right, index });
  }
  return count > 0;
}

/** Records that two nodes are compared for equality, if they are distinct arrays. */
export function notePair({ arrays, problem }: SearchState, left: number, right: number): void {
  if (left === right || indexSortOf(problem, left) < 0) return;
  arrays.pairs.set(`${left} ${right}`, [left, right]);
}

/** Returns the sort of the indexes of a node that is an array, or -1 for any other node. */
function indexSortOf({ nodes, sorts }: Problem, node: number): number {
  const sort = sorts[nodes[node]?.sort ?? -1];
  return sort?.type === "array" ? sort.index : -1;
}

function takeNodes({ arrays, problem, budget }: SearchState): void {
  const { nodes } = problem;
  for (; arrays.nodesTaken < nodes.length; arrays.nodesTaken++) {
    spendParts(budget, 16);
    const { operator, operands } = nodes[arrays.nodesTaken] ?? {};
    const [left = -1, right = -1] = operands ?? [];
    if (operator === "equal" && indexSortOf(problem, left) >= 0) {
      arrays.pairs.set(`${left} ${right}`, [left, right]);
    }
    const index =
      operator === "fresh"
        ? arrays.nodesTaken
        : operator === "select" || operator === "store"
          ? right
          : -1;
    if (index < 0) continue;
    const sort = nodes[index]?.sort ?? -1;
    const known = arrays.indexes.get(sort) ?? new Set();
    known.add(index);
    arrays.indexes.set(sort, known);
  }
}

function instantiate(state: SearchState, step: Step): void {
  const number = addStep(state, step);
  keepOriginal(state);
  const { budget, problem } = state;
  const make = (): void => {
    if (step.type === "read") addRead(problem, [step.left, step.right], step.index);
    if (step.type === "extensionality") addExtensionality(problem, step.left, step.right);
  };
  payFor(budget, problem.meter, make, "search's");
  takeClauses(state, number);
}
