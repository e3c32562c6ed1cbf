import { atomOf } from "../../kernel/atoms.ts";
import type { Monomial } from "../../kernel/polynomial.ts";
import { type Budget, spend, spendParts } from "../budget/budget.ts";
import { divideRational, negateRational, type Rational, signOf } from "../budget/rational.ts";
import { compareBounds } from "../simplex/simplex.ts";
import type { SearchState } from "../state/state.ts";
import { addMultipleOf, degreeOf, inequalityOf, type Poly, polyOf, substitute } from "./algebra.ts";

/**
 * Inequalities and equations that the current assignment makes true. Equations are solved for an
 * unknown, which is then replaced everywhere, so that few and short hypotheses remain to be
 * multiplied. `product-lemma.ts` translates a combination of these back to the original hypotheses.
 */
export interface Hypotheses {
  readonly definitions: readonly Definition[];
  readonly inequalities: readonly ReducedInequality[];
  /** Equations that could not be solved for an unknown. */
  readonly equations: readonly ReducedEquation[];
}

/**
 * Definition `coefficient * (unknown - value) = 0`, which follows from an equation and earlier
 * definitions. The literals `literal` and `pair` are the two inequalities of the equation.
 */
export interface Definition {
  readonly literal: number;
  readonly pair: number;
  readonly unknown: Monomial;
  readonly value: Poly;
  readonly coefficient: Rational;
  /**
   * Earlier definitions that were substituted in the equation. Each substitution subtracted
   * `quotient * (unknown - value)` of that definition.
   */
  readonly used: readonly { readonly definition: number; readonly quotient: Poly }[];
}

/** Inequality after all substitutions. `literal` is the original hypothesis. */
export interface ReducedInequality {
  readonly literal: number;
  readonly poly: Poly;
  readonly strict: boolean;
}

export interface ReducedEquation {
  readonly literal: number;
  readonly pair: number;
  readonly poly: Poly;
}

/** Greatest number of terms of an equation that is solved for an unknown. */
const termsMax = 12;
/** Greatest degree of an equation that is solved for an unknown. */
const degreeMax = 2;

/**
 * Collects the strongest lower and upper bound of each linear form. Two equal bounds are an
 * equation. Equations are solved for an unknown where possible, and substituted in all other
 * hypotheses.
 */
export function collectHypotheses(state: SearchState): Hypotheses {
  const { simplex, forms, problem } = state;
  const equations: { literal: number; pair: number; poly: Poly }[] = [];
  const inequalities: ReducedInequality[] = [];
  for (const { variable, monomials } of forms.byKey.values()) {
    spendParts(state.budget, 4);
    if (variable === undefined) continue;
    const [lower, upper] = [simplex.lower[variable], simplex.upper[variable]];
    spend(state.budget, 2 + monomials.length);
    const isEquation =
      lower !== undefined && upper !== undefined && compareBounds(lower, upper) === 0;
    if (isEquation && lower.reason >= 0 && upper.reason >= 0) {
      const atom = atomOf(problem, lower.reason);
      if (atom === undefined) continue;
      const poly = polyOf(atom.polynomial);
      equations.push({ literal: lower.reason, pair: upper.reason, poly });
      continue;
    }
    for (const bound of [lower, upper]) {
      const atom = bound === undefined ? undefined : atomOf(problem, bound.reason);
      if (bound === undefined || atom === undefined) continue;
      inequalities.push({ literal: bound.reason, ...inequalityOf(atom) });
    }
  }
  return reduceAll(state, equations, inequalities);
}

function reduceAll(
  state: SearchState,
  equations: readonly ReducedEquation[],
  inequalities: readonly ReducedInequality[],
): Hypotheses {
  const definitions: Definition[] = [];
  const rest: ReducedEquation[] = [];
  for (const equation of equations) {
    const { poly, used } = reducePoly(definitions, equation.poly, state.budget);
    spend(state.budget, poly.size + 1);
    const unknown = solvable(poly);
    const coefficient = unknown === undefined ? undefined : poly.get(unknown);
    if (unknown === undefined || coefficient === undefined) {
      rest.push(equation);
      continue;
    }
    const value: Poly = new Map();
    addMultipleOf(value, poly, negateRational(divideRational(1, coefficient)));
    value.delete(unknown);
    const { literal, pair } = equation;
    definitions.push({ literal, pair, unknown, value, coefficient, used });
  }
  const reduce = <Item extends { readonly poly: Poly }>(item: Item): Item => {
    const { poly } = reducePoly(definitions, item.poly, state.budget);
    spend(state.budget, poly.size);
    return { ...item, poly };
  };
  // A constant says nothing if it is true, and everything if it is false.
  const isNews = ({ poly }: { readonly poly: Poly }): boolean =>
    poly.size > (poly.has("") ? 1 : 0) || signOf(poly.get("") ?? 0) < 0;
  return {
    definitions,
    inequalities: inequalities.map(reduce).filter(isNews),
    equations: rest.map(reduce).filter(({ poly }) => poly.size > 0),
  };
}

/**
 * Substitutes all definitions in a polynomial, in their order. Also returns which definitions were
 * used, with their quotients.
 */
export function reducePoly(
  definitions: readonly Definition[],
  original: Poly,
  budget: Budget,
): { readonly poly: Poly; readonly used: Definition["used"] } {
  let poly = original;
  const used: { definition: number; quotient: Poly }[] = [];
  definitions.forEach(({ unknown, value }, definition) => {
    spendParts(budget, 4 + 2 * poly.size);
    if (!mentions(poly, unknown)) return;
    spend(budget, 2 * poly.size);
    const { result, quotient } = substitute(poly, unknown, value);
    poly = result;
    used.push({ definition, quotient });
  });
  return { poly, used };
}

function mentions(poly: Poly, unknown: Monomial): boolean {
  for (const monomial of poly.keys()) if (monomial.includes(unknown)) return true;
  return false;
}

/**
 * Returns the unknown for which to solve an equation: the one with the highest id whose coefficient
 * is 1 or -1 and that occurs in no other monomial. Undefined if there is none, or if the equation
 * is too long.
 */
function solvable(poly: Poly): Monomial | undefined {
  if (poly.size > termsMax || degreeOf(poly) > degreeMax) return undefined;
  let best: Monomial | undefined;
  for (const [monomial, coefficient] of poly) {
    if (monomial.length !== 1 || (best !== undefined && monomial < best)) continue;
    const isUnit = coefficient === 1 || coefficient === -1;
    const isAlone = [...poly.keys()].every((one) => one === monomial || !one.includes(monomial));
    if (isUnit && isAlone) best = monomial;
  }
  return best;
}
