import { spend, spendParts } from "../budget/budget.ts";
import { divideRational } from "../budget/rational.ts";
import { addClause, valueOf } from "../search/solver.ts";
import { type AtomBounds, variableOfForm } from "../simplex/forms.ts";
import {
  assertBound,
  type Bound,
  checkBounds,
  compareBounds,
  type Infeasible,
} from "../simplex/simplex.ts";
import { addStep, type SearchState } from "../state/state.ts";
import type { Summand } from "../state/steps.ts";
import { assertEquality } from "./equality.ts";

/**
 * Linear arithmetic: asserts the bounds of true literals in the simplex, and turns bounds that
 * cannot hold together into lemmas. A `reason` of the simplex is a literal.
 */

/** Processes new literals of the trail, and checks their bounds and equalities. */
export function checkArithmetic(state: SearchState): void {
  const { solver } = state;
  let isNew = false;
  while (state.head < solver.trail.length) {
    const literal = solver.trail[state.head++] ?? 0;
    spendParts(state.budget, 4);
    const bounds = state.bounds[literal >> 1];
    if (bounds === undefined) {
      assertEquality(state, literal);
      if (state.solver.falsified.length > 0) return;
      continue;
    }
    isNew = true;
    const conflict = assertLiteral(state, bounds, literal);
    if (conflict !== undefined) {
      addLemma(state, conflict);
      return;
    }
  }
  if (!isNew) return;
  const infeasible = checkBounds(state.simplex);
  if (infeasible !== undefined) addLemma(state, infeasible);
}

function assertLiteral(
  state: SearchState,
  { form, whenTrue, whenFalse }: AtomBounds,
  literal: number,
): Infeasible | undefined {
  const { simplex, forms } = state;
  const isUpper = (literal & 1) === 1;
  const bound = isUpper ? whenFalse : whenTrue;
  const before = simplex.trail.length;
  const conflict = assertBound(simplex, variableOfForm(forms, form), isUpper, bound);
  if (conflict !== undefined) return conflict;
  const isNews = simplex.trail.length > before && form.atoms.length > 1;
  if (isNews) implyAtoms(state, { bound, isUpper, atoms: form.atoms });
  return undefined;
}

/** Adds lemmas for other atoms of the same form whose value follows from a new bound. */
function implyAtoms(
  state: SearchState,
  news: { readonly bound: Bound; readonly isUpper: boolean; readonly atoms: readonly number[] },
): void {
  const { bound, isUpper, atoms } = news;
  for (const variable of atoms) {
    spendParts(state.budget, 12);
    if (valueOf(state.solver, 2 * variable) !== 0) continue;
    const other = state.bounds[variable];
    if (other === undefined) continue;
    // Bound of the literal that cannot hold together with the new one.
    const opposite = isUpper ? other.whenTrue : other.whenFalse;
    const order = compareBounds(bound, opposite);
    if (isUpper ? order >= 0 : order <= 0) continue;
    addLemma(state, [
      { reason: bound.reason, multiplier: 1 },
      { reason: opposite.reason, multiplier: 1 },
    ]);
  }
}

/** Records the lemma that these bounds cannot hold together, and adds its clause. */
export function addLemma(state: SearchState, infeasible: Infeasible): void {
  spend(state.budget, infeasible.length);
  const summands = infeasible.map(({ reason, multiplier }): Summand => {
    // A bound is its atom's polynomial divided by the scale.
    const scale = state.bounds[reason >> 1]?.scale ?? 1;
    return { product: [reason], factor: divideRational(multiplier, scale) };
  });
  const hypotheses = new Set(infeasible.map(({ reason }) => reason));
  const step = addStep(state, { type: "lemma", hypotheses: [...hypotheses], summands });
  const literals = [...hypotheses].map((literal) => literal ^ 1);
  const origin = { type: "lemma", step } as const;
  addClause(state.solver, literals, origin, literals.length);
}
