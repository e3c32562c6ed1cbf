import { require } from "./limits.ts";
import { addProduct, constantOf, multiply, one, type Polynomial, type Sum } from "./polynomial.ts";
import type { Atom, Problem } from "./problem.ts";

/** A factor times hypotheses, given by their indexes; at least one. */
export interface Summand {
  readonly hypotheses: readonly number[];
  readonly factor: Polynomial;
}

/**
 * Refuses unless the summands show that the hypotheses contradict each other.
 *
 * Where all hypotheses hold, each product of hypotheses is at least 0, and above 0 if all are
 * strict; times a positive number it stays so. Of an equation `h = 0` every multiple is 0. So the
 * sum is at least 0, and above 0 if a summand is. A sum that is a negative number, or 0 although
 * a summand is above 0, is a contradiction. (With one hypothesis in each summand this is Farkas's
 * lemma; with products it is Handelman's and Krivine's form of the Positivstellensatz.)
 */
export function checkContradiction(
  problem: Problem,
  hypotheses: readonly Atom[],
  summands: readonly Summand[],
): void {
  const { meter } = problem;
  const sum: Sum = new Map();
  let positive = false;
  for (const { hypotheses: indexes, factor } of summands) {
    let [product, strict, equation] = [one, true, false];
    for (const index of indexes) {
      const hypothesis = hypotheses[index];
      require(hypothesis !== undefined, "a hypothesis that does not exist");
      product =
        product === one ? hypothesis.polynomial : multiply(meter, product, hypothesis.polynomial);
      strict &&= hypothesis.strict;
      equation ||= isNegation(hypothesis.polynomial, hypotheses[index + 1]?.polynomial);
    }
    const number = constantOf(factor);
    const isPositive = number !== undefined && number > 0n;
    require(indexes.length > 0, "a summand without hypotheses");
    require(isPositive || equation, "a factor that may be negative, of no equation");
    positive ||= isPositive && strict;
    addProduct(meter, sum, [product, factor]);
  }
  for (const [monomial, coefficient] of sum) {
    require(monomial === "" || coefficient === 0n, "a sum that is not a number");
  }
  const total = sum.get("") ?? 0n;
  require(total < 0n || (total === 0n && positive), "a sum that may be");
}

/** Whether `right` is `-left`: both are then at least 0, hence 0. */
function isNegation(left: Polynomial, right: Polynomial | undefined): boolean {
  if (right === undefined || left.monomials.length !== right.monomials.length) return false;
  return left.monomials.every(
    (monomial, at) =>
      monomial === right.monomials[at] && left.coefficients[at] === -(right.coefficients[at] ?? 0n),
  );
}
