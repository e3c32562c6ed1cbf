import type { Polynomial } from "../../kernel/polynomial.ts";
import { spendParts } from "../budget/budget.ts";
import { floorRational, isInteger } from "../budget/rational.ts";
import { isIntegerMonomial } from "../simplex/forms.ts";
import { literalOf } from "../state/new-atom.ts";
import type { SearchState } from "../state/state.ts";
import { cutOfEquations } from "./equations.ts";

/** Greatest number of case splits of one search, of all kinds. */
const splitsMax = 400;

/**
 * Splits cases if an integer unknown has a value that is not an integer. Adds an atom for the
 * search to decide: a bound of the unknown, or the sign of the polynomial of `cutOfEquations`.
 * Returns false if it adds none.
 */
export function splitInteger(state: SearchState): boolean {
  const { forms, simplex } = state;
  for (const [monomial, variable] of forms.variables) {
    spendParts(state.budget, 1);
    const value = simplex.value[variable] ?? 0;
    if (isInteger(value) || !isIntegerMonomial(forms, monomial)) continue;
    if (state.splits.size >= splitsMax) return false;
    const cut = cutOfEquations(state);
    if (cut !== undefined) return decideAtom(state, cut);
    const above = floorRational(value) + 1n;
    return decideAtom(state, {
      monomials: above === 0n ? [monomial] : ["", monomial],
      coefficients: above === 0n ? [1n] : [-above, 1n],
      denominator: 1n,
    });
  }
  return false;
}

/** Makes the search decide whether a polynomial is at least 0. Returns true. */
export function decideAtom(state: SearchState, polynomial: Polynomial): boolean {
  const literal = literalOf(state, polynomial);
  state.splits.add(literal >> 1);
  return true;
}
