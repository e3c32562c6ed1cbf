import { KERNEL_VERSION } from "../../kernel/certify.ts";
import { startSteps } from "../../kernel/limits.ts";
import type { Polynomial } from "../../kernel/polynomial.ts";
import { addClause, type Problem } from "../../kernel/problem.ts";
import {
  createPropagation,
  implies,
  type Propagation,
  propagate,
  watch,
} from "../../kernel/propagation.ts";
import { addCongruence, addExtensionality, addRead } from "../../kernel/steps.ts";
import { type Budget, spend, spendParts } from "../budget/budget.ts";
import { payFor } from "../budget/paid-meter.ts";
import {
  denominatorOf,
  greatestCommonDivisor,
  numeratorOf,
  type Rational,
} from "../budget/rational.ts";
import type { ProblemSize } from "../state/problem-size.ts";
import type { Lemma, Step } from "../state/steps.ts";
import { type ByteWriter, writeNatural, writePolynomial } from "./byte-writer.ts";
import { renameMade } from "./rename-made.ts";
import {
  createRenaming,
  type Renaming,
  renameLiteral,
  renameNode,
  renamePolynomial,
} from "./renaming.ts";

/** Entry of a certificate: a step or a learned clause. */
export type Entry =
  | {
      readonly type: "step";
      readonly step: Step;
      /** Size of the search's problem after the step was added. */
      readonly end: ProblemSize;
    }
  | { readonly type: "clause"; readonly literals: readonly number[] };

/**
 * Input of `writeCertificate`. `from` is the problem (clauses and terms) at the end of the search;
 * the entries use its ids. `problem` is the problem as it was before the search; the written steps
 * extend it.
 */
export interface Written {
  readonly from: Problem;
  readonly problem: Problem;
  readonly budget: Budget;
}

interface Writing {
  readonly budget: Budget;
  readonly renaming: Renaming;
  readonly problem: Problem;
  readonly propagation: Propagation;
  readonly writer: ByteWriter;
  watched: number;
}

/**
 * Writes a certificate of the entries, up to the entry at which the kernel finds the contradiction.
 * Undefined if the kernel finds none, or if an entry cannot be written.
 */
export function writeCertificate(
  { from, problem, budget }: Written,
  entries: readonly Entry[],
): Uint8Array | undefined {
  const writing: Writing = {
    budget,
    renaming: createRenaming(from, problem, budget),
    problem,
    propagation: createPropagation(problem.meter),
    writer: { bytes: [] },
    watched: 0,
  };
  writeNatural(writing.writer, KERNEL_VERSION);
  let isDone = payFor(budget, problem.meter, () => settle(writing));
  startSteps(problem.meter);
  for (const entry of entries) {
    if (isDone) break;
    const isWritten = payFor(budget, problem.meter, () => {
      if (!writeEntry(writing, entry)) return false;
      isDone = settle(writing);
      return true;
    });
    if (!isWritten) return undefined;
  }
  spendParts(budget, writing.writer.bytes.length);
  return isDone ? Uint8Array.from(writing.writer.bytes) : undefined;
}

function settle(writing: Writing): boolean {
  const { problem, propagation } = writing;
  for (; writing.watched < problem.clauses.length; writing.watched++) {
    watch(propagation, problem.clauses[writing.watched] ?? []);
  }
  return propagate(propagation);
}

function writeEntry(writing: Writing, entry: Entry): boolean {
  if (entry.type === "clause") return writeClause(writing, entry.literals);
  const { step } = entry;
  if (step.type === "lemma") return writeLemma(writing, step);
  if (!writeInstance(writing, step)) return false;
  renameMade(writing.renaming, entry.end);
  return true;
}

function writeInstance(
  { renaming, problem, writer }: Writing,
  step: Exclude<Step, Lemma>,
): boolean {
  const left = renameNode(renaming, step.left);
  const right = renameNode(renaming, step.right);
  const index = step.type === "read" ? renameNode(renaming, step.index) : 0;
  if (left === undefined || right === undefined || index === undefined) return false;
  const kinds = { congruence: 2, read: 3, extensionality: 4 };
  const named = step.type === "read" ? [left, right, index] : [left, right];
  for (const number of [kinds[step.type], ...named]) writeNatural(writer, number);
  switch (step.type) {
    case "congruence":
      addCongruence(problem, left, right);
      return true;
    case "read":
      addRead(problem, [left, right], index);
      return true;
    case "extensionality":
      addExtensionality(problem, left, right);
      return true;
  }
}

/**
 * Renames literals of the search to those of the certificate's problem (see `Renaming`), and writes
 * a step for each new atom. Undefined if a literal does not exist there.
 */
function renameAll(
  { budget, renaming, problem, writer }: Writing,
  literals: readonly number[],
): readonly number[] | undefined {
  const renamed: number[] = [];
  for (const literal of literals) {
    spend(budget, 1);
    const before = problem.variables;
    const name = renameLiteral(renaming, literal);
    if (name === undefined) return undefined;
    const atom = problem.atoms[before];
    if (atom !== undefined) {
      writeNatural(writer, 1);
      writeNatural(writer, atom.strict ? 1 : 0);
      writePolynomial(writer, atom.polynomial);
    }
    renamed.push(name);
  }
  return renamed;
}

function writeClause(writing: Writing, literals: readonly number[]): boolean {
  const renamed = renameAll(writing, literals);
  if (renamed === undefined || !implies(writing.propagation, renamed)) return false;
  addClause(writing.problem, renamed);
  writeNatural(writing.writer, 6);
  writeLiterals(writing, renamed);
  return true;
}

function writeLiterals({ writer }: Writing, literals: readonly number[]): void {
  writeNatural(writer, literals.length);
  for (const literal of literals) writeNatural(writer, literal);
}

function writeLemma(writing: Writing, lemma: Lemma): boolean {
  const { writer, renaming, budget } = writing;
  spend(budget, lemma.summands.length);
  const hypotheses = orderHypotheses(lemma);
  const renamed = renameAll(writing, hypotheses);
  if (renamed === undefined) return false;
  writeNatural(writer, 5);
  writeLiterals(writing, renamed);
  writeNatural(writer, lemma.summands.length);
  const unit = commonUnit(lemma.summands.map(({ factor }) => factor));
  const places = new Map(hypotheses.map((literal, at) => [literal, at]));
  for (const { product, factor, equation } of lemma.summands) {
    const whole = (numeratorOf(factor) * unit.above) / (denominatorOf(factor) * unit.below);
    const at = product.map((literal) => places.get(literal) ?? 0);
    if (equation === undefined) {
      writeProduct(writer, at, 0);
      writeNatural(writer, whole);
      continue;
    }
    spend(budget, equation.polynomial.monomials.length);
    const polynomial = renamePolynomial(renaming, equation.polynomial);
    if (polynomial === undefined) return false;
    writeMultiple(writer, {
      at,
      pair: places.get(equation.pair) ?? 0,
      polynomial: scaled(polynomial, whole),
    });
  }
  addClause(
    writing.problem,
    renamed.map((literal) => literal ^ 1),
  );
  return true;
}

/**
 * Writes a summand that is an equation times a polynomial. The equation is a pair of hypotheses
 * that are each other's negation: the one at the first index of `at`, and the one at `pair`. The
 * format names the hypothesis with the lower index. If that is the one at `pair`, the polynomial is
 * negated.
 */
function writeMultiple(
  writer: ByteWriter,
  multiple: {
    readonly at: readonly number[];
    readonly pair: number;
    readonly polynomial: Polynomial;
  },
): void {
  const [first = 0, ...others] = multiple.at;
  const isSecond = multiple.pair < first;
  const polynomial = isSecond ? scaled(multiple.polynomial, -1n) : multiple.polynomial;
  const named = [isSecond ? multiple.pair : first, ...others];
  const [only] = polynomial.coefficients;
  const isNumber = polynomial.monomials.length === 1 && polynomial.monomials[0] === "";
  if (isNumber && only !== undefined && only > 0n) {
    writeProduct(writer, named, 0);
    writeNatural(writer, only);
    return;
  }
  writeProduct(writer, named, 1);
  writePolynomial(writer, polynomial);
}

function writeProduct(writer: ByteWriter, at: readonly number[], kind: 0 | 1): void {
  writeNatural(writer, 2 * at.length + kind);
  for (const place of at.toSorted((left, right) => left - right)) writeNatural(writer, place);
}

function scaled(polynomial: Polynomial, factor: bigint): Polynomial {
  return {
    ...polynomial,
    coefficients: polynomial.coefficients.map((coefficient) => coefficient * factor),
  };
}

/**
 * Returns the hypotheses of a lemma, each once, with the two inequalities of an equation next to
 * each other.
 */
function orderHypotheses({ hypotheses, summands }: Lemma): readonly number[] {
  const pairs = new Map<number, number>();
  for (const { product, equation } of summands) {
    const [first] = product;
    if (equation === undefined || first === undefined) continue;
    pairs.set(first, equation.pair);
    pairs.set(equation.pair, first);
  }
  const ordered = new Set<number>();
  for (const literal of hypotheses) {
    if (ordered.has(literal)) continue;
    ordered.add(literal);
    const pair = pairs.get(literal);
    if (pair !== undefined) ordered.add(pair);
  }
  return [...ordered];
}

/**
 * Returns the rational `above / below` that turns all factors, multiplied by it, into integers
 * without a common divisor.
 */
function commonUnit(factors: readonly Rational[]): {
  readonly above: bigint;
  readonly below: bigint;
} {
  let above = 1n;
  for (const factor of factors) {
    const denominator = denominatorOf(factor);
    above *= denominator / greatestCommonDivisor(above, denominator);
  }
  let below = 0n;
  for (const factor of factors) {
    if (below === 1n) break;
    const whole = (numeratorOf(factor) * above) / denominatorOf(factor);
    below = greatestCommonDivisor(below, whole);
  }
  return { above, below: below === 0n ? 1n : below };
}
