import type { Monomial, Polynomial } from "../../kernel/polynomial.ts";
import { spend } from "../budget/budget.ts";
import { denominatorOf, floorRational, numeratorOf, signOf } from "../budget/rational.ts";
import { valueOf } from "../search/solver.ts";
import { literalOf } from "../state/new-atom.ts";
import type { SearchState } from "../state/state.ts";
import { inconsistentMonomials, type ProductSystem, valueOfMonomial } from "./product-system.ts";

/**
 * Number of case splits of one search, of all kinds, at which the search for products stops asking
 * for more.
 */
const splitsMax = 60;

/**
 * Picks an unknown, and asks the search to decide whether it is at least 0. The unknown is a factor
 * of a monomial whose value in the linear programme is not the product of its factors, and its sign
 * is not decided yet. Returns false if there is no such unknown.
 */
export function splitSign(state: SearchState, system: ProductSystem): boolean {
  if (state.splits.size >= splitsMax) return false;
  const { simplex, forms } = state;
  for (const monomial of inconsistentMonomials(system)) {
    spend(state.budget, 1);
    for (const unknown of new Set(monomial)) {
      const variable = forms.variables.get(unknown) ?? -1;
      const [lower, upper] = [simplex.lower[variable], simplex.upper[variable]];
      if (lower !== undefined && signOf(lower.value) >= 0) continue;
      if (upper !== undefined && signOf(upper.value) <= 0) continue;
      if (decide(state, atLeast(unknown, 0n, 1n))) return true;
    }
  }
  return false;
}

/**
 * Asks the search to decide which of two unknowns is greater, or whether an unknown is at least its
 * current value or the next integer above it. The unknowns are factors of monomials whose value in
 * the linear programme is not the product of their factors. Returns false if nothing was asked.
 */
export function splitProduct(state: SearchState, system: ProductSystem): boolean {
  if (state.splits.size >= splitsMax) return false;
  const monomials = inconsistentMonomials(system);
  for (const [left, right] of siblings(monomials)) {
    spend(state.budget, 1);
    if (decide(state, difference(left, right))) return true;
  }
  for (const monomial of monomials) {
    for (const unknown of new Set(monomial)) {
      const value = valueOfMonomial(system, unknown);
      const cases = [
        atLeast(unknown, numeratorOf(value), denominatorOf(value)),
        atLeast(unknown, floorRational(value) + 1n, 1n),
      ];
      for (const one of cases) if (decide(state, one)) return true;
    }
  }
  return false;
}

function decide(state: SearchState, polynomial: Polynomial): boolean {
  const literal = literalOf(state, polynomial);
  if (literal < 2 || valueOf(state.solver, literal) !== 0) return false;
  state.splits.add(literal >> 1);
  return true;
}

/**
 * Yields pairs of unknowns in which two monomials differ while all other factors are the same, such
 * as `x` and `y` for `x z` and `y z`.
 */
function* siblings(monomials: readonly Monomial[]): Generator<readonly [Monomial, Monomial], void> {
  const byRest = new Map<Monomial, Set<Monomial>>();
  for (const monomial of monomials) {
    for (let at = 0; at < monomial.length; at++) {
      const rest = monomial.slice(0, at) + monomial.slice(at + 1);
      const group = byRest.get(rest) ?? new Set<Monomial>();
      byRest.set(rest, group);
      for (const other of group) if (other !== monomial[at]) yield [other, monomial.charAt(at)];
      group.add(monomial.charAt(at));
    }
  }
}

/** Returns `denominator * unknown - numerator`. */
function atLeast(unknown: Monomial, numerator: bigint, denominator: bigint): Polynomial {
  return numerator === 0n
    ? { monomials: [unknown], coefficients: [1n], denominator: 1n }
    : { monomials: ["", unknown], coefficients: [-numerator, denominator], denominator: 1n };
}

function difference(left: Monomial, right: Monomial): Polynomial {
  const [first, second] = left < right ? [left, right] : [right, left];
  return { monomials: [first, second], coefficients: [1n, -1n], denominator: 1n };
}
