import { atomOf } from "../../kernel/atoms.ts";
import { spend } from "../budget/budget.ts";
import { divideRational, type Rational } from "../budget/rational.ts";
import { addClause } from "../search/solver.ts";
import { addStep, type SearchState } from "../state/state.ts";
import type { Summand } from "../state/steps.ts";
import {
  addMultipleOf,
  clearDenominators,
  multiplyPoly,
  type Poly,
  polyOf,
  substitute,
} from "./algebra.ts";
import type { Hypotheses } from "./hypotheses.ts";

/**
 * Summand of a combination of hypotheses after substitution. All summands add up to a negative
 * number, or to 0 although one of them must be above 0.
 */
export interface Part {
  /** Literals of the hypotheses that are multiplied. */
  readonly product: readonly number[];
  readonly factor: Rational;
  /**
   * Present if the first literal of the product is one inequality of an equation. `pair` is the
   * other inequality, and `poly` is the polynomial that the equation is multiplied by.
   */
  readonly equation?: { readonly pair: number; readonly poly: Poly };
}

/**
 * Records the lemma that a contradictory combination of hypotheses proves, and adds its clause. The
 * hypotheses in `parts` had equations substituted in them. So the lemma also has multiples of these
 * equations as summands (`corrections`).
 */
export function addProductLemma(
  state: SearchState,
  hypotheses: Hypotheses,
  parts: readonly Part[],
): void {
  const summands = [...parts.map(summandOf), ...corrections(state, hypotheses, parts)];
  const literals = new Set<number>();
  for (const { product, equation } of summands) {
    for (const literal of product) literals.add(literal);
    if (equation !== undefined) literals.add(equation.pair);
  }
  const step = addStep(state, { type: "lemma", hypotheses: [...literals], summands });
  const negated = [...literals].map((literal) => literal ^ 1);
  addClause(state.solver, negated, { type: "lemma", step }, 2);
}

function summandOf({ product, factor, equation }: Part): Summand {
  if (equation === undefined) return { product, factor };
  return multipleOf(product, equation.pair, equation.poly);
}

function multipleOf(product: readonly number[], pair: number, poly: Poly): Summand {
  const { polynomial, factor } = clearDenominators(poly);
  return { product, factor, equation: { pair, polynomial } };
}

/**
 * Returns additional summands for a lemma: multiples of the equations that were substituted in the
 * hypotheses. The parts contradict each other over the substituted hypotheses. Over the original
 * hypotheses their sum differs, for each substituted equation, by a multiple of `unknown - value`.
 * The additional summands cancel this difference.
 */
function corrections(
  state: SearchState,
  { definitions }: Hypotheses,
  parts: readonly Part[],
): readonly Summand[] {
  let sum: Poly = new Map();
  for (const { product, factor, equation } of parts) {
    let poly: Poly = equation?.poly ?? new Map([["", factor]]);
    for (const literal of product) {
      const atom = atomOf(state.problem, literal);
      if (atom === undefined) continue;
      spend(state.budget, poly.size * atom.polynomial.monomials.length);
      poly = multiplyPoly(poly, polyOf(atom.polynomial));
    }
    addMultipleOf(sum, poly, 1);
  }
  // sum = reduced sum + multiples[k] * (unknown k - value k), added up.
  const multiples = definitions.map(({ unknown, value }) => {
    spend(state.budget, 1 + sum.size);
    const { result, quotient } = substitute(sum, unknown, value);
    sum = result;
    return quotient;
  });
  const summands: Summand[] = [];
  for (let at = definitions.length - 1; at >= 0; at--) {
    const definition = definitions[at];
    const multiple = multiples[at];
    if (definition === undefined || multiple === undefined || multiple.size === 0) continue;
    const { literal, pair, coefficient, used } = definition;
    // coefficient * (unknown - value) = equation - multiples of earlier definitions.
    const share: Poly = new Map();
    addMultipleOf(share, multiple, divideRational(1, coefficient));
    for (const { definition: earlier, quotient } of used) {
      const other = multiples[earlier];
      spend(state.budget, share.size * quotient.size);
      if (other !== undefined) addMultipleOf(other, multiplyPoly(share, quotient), -1);
    }
    const negated: Poly = new Map();
    addMultipleOf(negated, share, -1);
    summands.push(multipleOf([literal], pair, negated));
  }
  return summands;
}
