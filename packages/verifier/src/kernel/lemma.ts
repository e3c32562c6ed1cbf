import { demand, refuse } from "./limits.ts";
import { constantOf, multiply, one, type Polynomial, sumProducts } from "./polynomial.ts";
import type { Atom, Problem } from "./problem.ts";

/** Product of a factor and one or more hypotheses, which are given by their indexes. */
export interface Summand {
  readonly hypotheses: readonly number[];
  readonly factor: Polynomial;
}

/**
 * Refuses the lemma if the summands do not show that the hypotheses cannot all hold.
 *
 * If they all hold, a product of hypotheses is at least 0, and above 0 if all of them are strict.
 * The same is true of its multiple by a positive number. Two adjacent hypotheses `h >= 0` and `-h
 * >= 0` state `h = 0`, so every multiple of `h` is 0. Hence the sum of all summands is at least 0,
 * and above 0 if a summand has only strict hypotheses. The lemma is accepted if the sum, as a
 * polynomial, is a negative number, or 0 although it must be above 0: a contradiction.
 *
 * In Farkas's lemma each summand has one hypothesis. With products this is the certificate of
 * Krivine and Handelman ("Representing polynomials by positive linear functions", 1988).
 */
export function checkContradiction(
  problem: Problem,
  hypotheses: readonly Atom[],
  summands: readonly Summand[],
): void {
  const products: (readonly [Polynomial, Polynomial])[] = [];
  let above = false;
  for (const { hypotheses: indexes, factor } of summands) {
    let [product, strict, equation] = [factor, true, false];
    for (const index of indexes) {
      const hypothesis = hypotheses[index] ?? refuse("a hypothesis that does not exist");
      product = multiply(problem.meter, product, hypothesis.polynomial);
      strict &&= hypothesis.strict;
      equation ||= isOpposite(hypothesis.polynomial, hypotheses[index + 1]?.polynomial);
    }
    const positive = (constantOf(factor) ?? 0n) > 0n;
    demand(indexes.length > 0, "a summand without hypotheses");
    demand(positive || equation, "a factor that is no positive number, but no equation");
    above ||= positive && strict;
    products.push([product, one]);
  }
  const total = constantOf(sumProducts(problem.meter, products));
  demand(total !== undefined, "a sum that is not a number");
  demand(total < 0n || (total === 0n && above), "a sum that is possible");
}

/** Tells whether `right` is `-left`, by comparing their coefficients. */
function isOpposite(left: Polynomial, right: Polynomial | undefined): boolean {
  return (
    left.monomials.length === right?.monomials.length &&
    left.monomials.every((monomial, at) => monomial === right.monomials[at]) &&
    left.coefficients.every((coefficient, at) => coefficient === -(right.coefficients[at] ?? 0n))
  );
}
