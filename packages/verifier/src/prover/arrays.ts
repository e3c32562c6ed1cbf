import type { Problem } from "../kernel/problem.ts";
import { addExtensionality, addRead } from "../kernel/steps.ts";
import { equalLiteral } from "../kernel/values.ts";
import type { ArrayPairs } from "./array-pairs.ts";
import { valueOf } from "./solver.ts";
import { addStep, keepOriginal, type SearchState, takeClauses } from "./state.ts";
import type { Step } from "./steps.ts";

/** Instances that one round adds at most. */
const instancesMax = 200;

/**
 * Arrays: reads of stores are rewritten by the kernel, so what is left are equalities. Where the
 * assignment says that two arrays are equal, they are read at every index in question; where it
 * says that they are not, a fresh index tells them apart (Stump et al., "A decision procedure for
 * an extensional theory of arrays", LICS 2001).
 */
export function addArrayInstances(state: SearchState): boolean {
  takeNodes(state.arrays, state.problem);
  const { arrays, problem, solver } = state;
  let count = 0;
  const add = (step: Step): void => {
    const key = JSON.stringify(step);
    if (count >= instancesMax || arrays.done.has(key)) return;
    arrays.done.add(key);
    count++;
    instantiate(state, step);
  };
  for (const [left, right] of arrays.pairs.values()) {
    const literal = equalLiteral(problem, left, right);
    const value = literal >> 1 < solver.levels.length ? valueOf(solver, literal) : 0;
    if (value < 0) add({ type: "extensionality", left, right });
    if (value <= 0) continue;
    const indexes = arrays.indexes.get(indexSortOf(problem, left)) ?? [];
    if ([...indexes].length === 0) add({ type: "extensionality", left, right });
    for (const index of indexes) add({ type: "read", left, right, index });
  }
  return count > 0;
}

/** Notes that the equality of two nodes matters, if they are arrays. */
export function notePair({ arrays, problem }: SearchState, left: number, right: number): void {
  if (left === right || indexSortOf(problem, left) < 0) return;
  arrays.pairs.set(`${left} ${right}`, [left, right]);
}

/** Index sort of a node's sort, or -1 when that is no sort of arrays. */
function indexSortOf({ nodes, sorts }: Problem, node: number): number {
  const sort = sorts[nodes[node]?.sort ?? -1];
  return sort?.type === "array" ? sort.index : -1;
}

function takeNodes(arrays: ArrayPairs, problem: Problem): void {
  const { nodes } = problem;
  for (; arrays.nodesTaken < nodes.length; arrays.nodesTaken++) {
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
  if (step.type === "read") addRead(state.problem, [step.left, step.right], step.index);
  if (step.type === "extensionality") addExtensionality(state.problem, step.left, step.right);
  takeClauses(state, number);
}
