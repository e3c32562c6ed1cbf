import type { Assignment } from "../oracle/assignment.ts";
import { valueOfSum } from "../oracle/assignment.ts";
import type { Random } from "../oracle/random.ts";
import { floorOfReal, signOfReal } from "../oracle/real-number.ts";
import type { Step, Sum, Summand } from "./certificate.ts";
import type { Checker, Opened } from "./checker.ts";
import {
  addSums,
  constantSum,
  kernelPolynomial,
  multiplySums,
  scaleSum,
  sumOf,
} from "./sum-arithmetic.ts";

/** Steps that make atoms, and mostly a lemma that uses them. */
export interface RandomLemma {
  readonly steps: readonly Step[];
  /** Hypotheses of the lemma; all hold in the model. */
  readonly literals: readonly number[];
}

/** Parts of a lemma. */
interface Making {
  readonly checker: Checker;
  readonly view: Opened & Assignment;
  readonly random: Random;
  readonly steps: Step[];
  readonly literals: number[];
  readonly sums: Sum[];
}

/**
 * A lemma that is false: its hypotheses hold in the model that `view` is of. One hypothesis is made
 * last, so that all summands add up to a number, or nearly; rules are kept or broken at random.
 */
export function randomLemma(
  checker: Checker,
  view: Opened & Assignment,
  random: Random,
): RandomLemma {
  const making: Making = { checker, view, random, steps: [], literals: [], sums: [] };
  const { steps, literals, sums } = making;
  const known = trueAtoms(view);
  for (let count = known.length === 0 ? 0 : 1 + random.below(3); count > 0; count--) {
    take(making, random.pick(known));
    if (random.percent(50)) takeOpposite(making);
  }
  if (literals.length === 0) return { steps, literals };
  const summands = Array.from({ length: 1 + random.below(3) }, () =>
    randomSummand(view, sums.length, random),
  );
  const last = random.percent(85) ? lastHypothesis(making, summands) : [];
  if (last.every(({ unknowns }) => unknowns.length === 0)) {
    return { steps: [...steps, { type: "lemma", literals, summands }], literals };
  }
  const added = literalOf(making, last, random.percent(30));
  const made = checker.atomOf(view.problem, added);
  if (made === undefined || !holds(added, view)) return { steps, literals: [] };
  const factor = ratio(last, sumOf(made.polynomial));
  const closing: Summand = { hypotheses: [literals.length], factor };
  const all = [...literals, added];
  const lemma = { type: "lemma", literals: all, summands: [...summands, closing] } as const;
  return { steps: [...steps, lemma], literals: all };
}

function take({ checker, view, literals, sums }: Making, literal: number): void {
  const atom = checker.atomOf(view.problem, literal);
  if (atom === undefined || !holds(literal, view)) return;
  literals.push(literal);
  sums.push(sumOf(atom.polynomial));
}

/** The literal of an atom, and the step that a certificate needs for it. */
function literalOf({ checker, view, steps }: Making, polynomial: Sum, strict: boolean): number {
  steps.push({ type: "atom", strict, polynomial });
  return checker.atomLiteral(view.problem, kernelPolynomial(polynomial), strict);
}

/** The opposite of the hypothesis before, if it holds: else what holds and is nearly that. */
function takeOpposite(making: Making): void {
  const { view, random, sums } = making;
  const before = sums.at(-1);
  if (before === undefined) return;
  const opposite = scaleSum(before, -1n);
  const other = random.percent(80)
    ? opposite
    : opposite.map((one) => (random.percent(50) ? one : { ...one, coefficient: -one.coefficient }));
  // A monomial that stands behind all others, so that the rest is still the opposite.
  const beyond = [{ unknowns: [view.unknowns.length - 1], coefficient: 1n }];
  if (random.percent(15)) return takeMoved(making, opposite);
  const longer = random.percent(20) ? addSums(other, beyond) : other;
  const least = ceiling(scaleSum(longer, -1n), view);
  const held = addSums(longer, constantSum(least > 0n ? least : 0n));
  if (held.every(({ unknowns }) => unknowns.length === 0)) return;
  take(making, literalOf(making, held, false));
}

/** The opposite of another hypothesis: the same coefficients, of other unknowns. */
function takeMoved(making: Making, opposite: Sum): void {
  const { view, random } = making;
  const moved = opposite.map(({ unknowns, coefficient }) => ({
    unknowns: unknowns.map(() => random.below(view.unknowns.length)).sort((a, b) => a - b),
    coefficient,
  }));
  const held = addSums(moved);
  if (ceiling(scaleSum(held, -1n), view) > 0n) return;
  if (held.some(({ unknowns }) => unknowns.length > 0)) {
    take(making, literalOf(making, held, false));
  }
}

/** The least integer that a sum is at most. */
function ceiling(sum: Sum, { unknowns }: Assignment): bigint {
  return -floorOfReal(valueOfSum(scaleSum(sum, -1n), unknowns));
}

/** Whether the literal of an atom is true in the model; what the kernel says of it does not count. */
function holds(literal: number, { problem, unknowns }: Opened & Assignment): boolean {
  const atom = problem.atoms[literal >> 1];
  if (atom === undefined) return false;
  const sign = signOfReal(valueOfSum(sumOf(atom.polynomial), unknowns));
  return (atom.strict ? sign > 0 : sign >= 0) === (literal % 2 === 0);
}

/** By what the kernel divided a polynomial when it made an atom of it. */
function ratio(before: Sum, after: Sum): bigint {
  const leading = (sum: Sum): bigint =>
    sum.find(({ unknowns }) => unknowns.length > 0)?.coefficient ?? 1n;
  return leading(before) / leading(after);
}

/** Atoms of small degree whose unknowns the model gives a value, each as the literal that holds. */
function trueAtoms(view: Opened & Assignment): readonly number[] {
  const literals: number[] = [];
  for (const [variable, atom] of view.problem.atoms.entries()) {
    if (atom === undefined || atom.polynomial.monomials.some((one) => one.length > 3)) continue;
    const isNew = sumOf(atom.polynomial).some(({ unknowns }) =>
      unknowns.some((unknown) => unknown >= view.unknowns.length),
    );
    if (!isNew) literals.push(holds(2 * variable, view) ? 2 * variable : 2 * variable + 1);
  }
  return literals;
}

function randomSummand(view: Opened & Assignment, count: number, random: Random): Summand {
  const hypotheses = Array.from({ length: 1 + random.below(2) }, () => random.below(count)).sort(
    (left, right) => left - right,
  );
  if (random.percent(60)) return { hypotheses, factor: BigInt(random.below(4)) };
  return { hypotheses, factor: randomSum(view, random) };
}

/** A small polynomial, often a negative number. */
function randomSum({ unknowns }: Assignment, random: Random): Sum {
  if (random.percent(40) || unknowns.length === 0) return constantSum(BigInt(-1 - random.below(3)));
  const unknown = random.below(Math.min(unknowns.length, 8));
  const coefficient = BigInt(random.pick([-2, -1, 1, 2]));
  return addSums(constantSum(BigInt(random.below(3) - 1)), [{ unknowns: [unknown], coefficient }]);
}

function sumOfSummand({ hypotheses, factor }: Summand, sums: readonly Sum[]): Sum {
  const start = typeof factor === "bigint" ? constantSum(factor) : factor;
  return hypotheses.reduce((product, index) => multiplySums(product, sums[index] ?? []), start);
}

/** A number less the summands, the least one that makes it hold, or one that does not help. */
function lastHypothesis({ view, random, sums }: Making, summands: readonly Summand[]): Sum {
  // Now and then as a kernel would add that forgets factors, or all hypotheses but the last.
  const how = random.below(5);
  const read = ({ hypotheses, factor }: Summand): Summand => ({
    hypotheses: how === 0 ? hypotheses.slice(-1) : hypotheses,
    factor: how === 1 ? 1n : factor,
  });
  const total = addSums(...summands.map((summand) => sumOfSummand(read(summand), sums)));
  const offset = ceiling(total, view) + BigInt(random.pick([0, 0, 0, 1, 2]));
  return addSums(scaleSum(total, -1n), constantSum(offset));
}
