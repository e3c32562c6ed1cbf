import { spendParts } from "../budget/budget.ts";
import { compareRational, signOf } from "../budget/rational.ts";
import { multiplyHypotheses } from "../products/products.ts";
import type { Theory } from "../search/search.ts";
import { valueOf } from "../search/solver.ts";
import { valueOfForm } from "../simplex/forms.ts";
import { restoreBounds } from "../simplex/simplex.ts";
import type { SearchState, TheoryMark } from "../state/state.ts";
import { checkArithmetic } from "./arithmetic.ts";
import { addArrayInstances } from "./arrays.ts";
import { addViolatedCongruences } from "./congruence.ts";
import { checkFresh, restoreMerges } from "./equality.ts";
import { splitInteger } from "./integers.ts";

/** Combines all theories of a problem. The theories that cost less are asked first. */
export function createTheory(state: SearchState): Theory {
  const isPlain = state.bounds.every((bounds) => bounds === undefined);
  return {
    check: () => {
      checkFresh(state);
      checkArithmetic(state);
    },
    decide: () => state.marks.push(markOf(state)),
    backtrack: (level) => goBack(state, level),
    wants: (variable) => isPlain || isWanted(state, variable),
    phase: (variable) => phaseOf(state, variable),
    final: () => finalCheck(state),
  };
}

function markOf({ simplex, equalities }: SearchState): TheoryMark {
  return { bounds: simplex.trail.length, merges: equalities.merges.length };
}

function goBack(state: SearchState, level: number): void {
  const mark = state.marks[level];
  if (mark === undefined) return;
  restoreBounds(state.simplex, mark.bounds);
  restoreMerges(state.equalities, mark.merges);
  state.marks.length = level;
  state.head = Math.min(state.head, state.solver.trail.length);
}

/**
 * Tells whether a variable must be decided: if the search splits on it, or if it occurs in a clause
 * of the problem that has no true literal yet.
 */
function isWanted(state: SearchState, variable: number): boolean {
  if (state.splits.has(variable)) return true;
  if (state.equalities.pureAtoms.has(variable)) return false;
  const { solver } = state;
  return (state.occurrences[variable] ?? []).some(({ literals }) => {
    const at = literals.findIndex((literal) => valueOf(solver, literal) > 0);
    spendParts(state.budget, 1 + ((at < 0 ? literals.length : at) >> 2));
    return at < 0;
  });
}

/**
 * Returns the value to try first. For an atom it is the one in the simplex's assignment, so that
 * trying it changes nothing there. For other variables it is their last value.
 */
function phaseOf(state: SearchState, variable: number): boolean {
  const bounds = state.bounds[variable];
  if (bounds === undefined) return state.solver.phases[variable] ?? false;
  const { value, delta } = valueOfForm(state.forms, bounds.form);
  const { whenTrue } = bounds;
  const order = compareRational(value, whenTrue.value) || signOf(delta) - whenTrue.delta;
  return order >= 0;
}

function finalCheck(state: SearchState): boolean {
  return (
    splitInteger(state) ||
    addViolatedCongruences(state) ||
    addArrayInstances(state) ||
    multiplyHypotheses(state)
  );
}
