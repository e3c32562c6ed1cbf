import { atomLiteral } from "../../kernel/atoms.ts";
import type { Polynomial } from "../../kernel/polynomial.ts";
import { payFor } from "../budget/paid-meter.ts";
import { keepOriginal, type SearchState, takeAtoms, takeVariables } from "./state.ts";

/**
 * Returns the literal that a polynomial is at least 0. If the problem has no such atom, adds it to
 * the problem and to the search.
 */
export function literalOf(state: SearchState, polynomial: Polynomial): number {
  keepOriginal(state);
  const { budget, problem } = state;
  const make = (): number => atomLiteral(problem, polynomial, false);
  const literal = payFor(budget, problem.meter, make, "search's");
  takeVariables(state);
  takeAtoms(state);
  return literal;
}
