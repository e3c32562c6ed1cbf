import { atomLiteral } from "../../src/kernel/atoms.ts";
import { type Claim, clausify } from "../../src/kernel/clausify.ts";
import { type Certification, certify } from "../../src/kernel/index.ts";
import { createMeter, kernelLimits } from "../../src/kernel/limits.ts";
import { type Polynomial, zero } from "../../src/kernel/polynomial.ts";
import { addClause, type Problem } from "../../src/kernel/problem.ts";
import { addCongruence, addExtensionality, addRead } from "../../src/kernel/steps.ts";
import { createTermReader, readFormula } from "../../src/kernel/terms.ts";
import { defineValues, literalAt } from "../../src/kernel/values.ts";
import type { Term } from "../../src/term.ts";
import { equal, truth } from "./terms.ts";

/** A summand of a lemma: hypotheses by index, and a number or a polynomial. */
export type DraftSummand = readonly [hypotheses: readonly number[], factor: number | Polynomial];

/** A certificate that a test writes by hand, with terms instead of ids. */
export interface Draft {
  readonly problem: Problem;
  readonly bytes: number[];
  /** The node of a term that the claim has. */
  node(term: Term): number;
  /** The polynomial of a term, over the claim's unknowns. */
  polynomial(term: Term): Polynomial;
  /** The literal of a formula that the claim has. */
  literal(formula: Term): number;
  /** The literal of `left <= right`, or `<`, by a step of its own where it is new. */
  atMost(left: Term, right: Term): number;
  less(left: Term, right: Term): number;
  congruence(left: number, right: number): void;
  read(left: number, right: number, index: number): void;
  extensionality(left: number, right: number): void;
  lemma(literals: readonly number[], summands: readonly DraftSummand[]): void;
  clause(literals: readonly number[]): void;
  certify(): Certification;
}

/** Starts the certificate of a claim. */
export function draft(claim: Claim): Draft {
  const problem = clausify(claim, createMeter(kernelLimits));
  const scratch = clausify(claim, createMeter(kernelLimits));
  // Names have the indexes that they have in the claim.
  const reader = createTermReader(scratch);
  for (const term of [...claim.assumptions, claim.goal]) readFormula(reader, term);
  const bytes = [1];

  const node = (term: Term): number => {
    const read = readFormula(reader, equal(term, term));
    defineValues(scratch);
    return scratch.nodes[read]?.operands[0] ?? -1;
  };
  const polynomial = (term: Term): Polynomial => scratch.polynomials[node(term)] ?? zero;
  const atom = (left: Term, right: Term, strict: boolean): number => {
    const [a, b] = [polynomial(left), polynomial(right)];
    const difference = subtractPolynomials(b, a);
    const before = problem.variables;
    const literal = atomLiteral(problem, difference, strict);
    if (problem.variables > before) bytes.push(1, strict ? 1 : 0, ...encodePolynomial(difference));
    return literal;
  };

  return {
    problem,
    bytes,
    node,
    polynomial,
    literal: (formula) => literalAt(problem, node(formula)),
    atMost: (left, right) => atom(left, right, false),
    less: (left, right) => atom(left, right, true),
    congruence(left, right) {
      addCongruence(problem, left, right);
      bytes.push(2, ...natural(left), ...natural(right));
    },
    read(left, right, index) {
      addRead(problem, [left, right], index);
      bytes.push(3, ...natural(left), ...natural(right), ...natural(index));
    },
    extensionality(left, right) {
      addExtensionality(problem, left, right);
      bytes.push(4, ...natural(left), ...natural(right));
    },
    lemma(literals, summands) {
      addClause(
        problem,
        literals.map((literal) => literal ^ 1),
      );
      bytes.push(5, ...encodeLemma(literals, summands));
    },
    clause(literals) {
      addClause(problem, literals);
      bytes.push(6, ...natural(literals.length), ...literals.flatMap(natural));
    },
    certify: () => certify(claim, Uint8Array.from(bytes)),
  };
}

/** Answer of the kernel to a claim and the bytes of steps. */
export function certifyBytes(claim: Claim, ...steps: readonly number[]): Certification {
  return certify(claim, Uint8Array.from([1, ...steps]));
}

/** Whether the claim holds by its own clauses. */
export function holds(assumptions: readonly Term[], goal: Term = truth): boolean {
  return certifyBytes({ assumptions, goal }).type === "certified";
}

/** LEB128. */
export function natural(value: number | bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

export function encodePolynomial({ monomials, coefficients }: Polynomial): readonly number[] {
  const terms = monomials.flatMap((monomial, at) => {
    const unknowns = Array.from(monomial, (factor) => factor.charCodeAt(0) - 1);
    const steps = unknowns.map((unknown, place) => unknown - (unknowns[place - 1] ?? 0));
    const coefficient = coefficients[at] ?? 0n;
    const coded = coefficient < 0n ? -2n * coefficient - 1n : 2n * coefficient;
    return [unknowns.length, ...steps.flatMap(natural), ...natural(coded)];
  });
  return [...natural(monomials.length), ...terms];
}

function encodeLemma(
  literals: readonly number[],
  summands: readonly DraftSummand[],
): readonly number[] {
  const coded = summands.flatMap(([hypotheses, factor]) =>
    typeof factor === "number"
      ? [2 * hypotheses.length, ...hypotheses, ...natural(factor)]
      : [2 * hypotheses.length + 1, ...hypotheses, ...encodePolynomial(factor)],
  );
  return [literals.length, ...literals.flatMap(natural), ...natural(summands.length), ...coded];
}

function subtractPolynomials(left: Polynomial, right: Polynomial): Polynomial {
  const sum = new Map<string, bigint>();
  const put = ({ monomials, coefficients }: Polynomial, factor: bigint): void => {
    for (const [at, monomial] of monomials.entries()) {
      sum.set(monomial, (sum.get(monomial) ?? 0n) + factor * (coefficients[at] ?? 0n));
    }
  };
  put(left, right.denominator);
  put(right, -left.denominator);
  const terms = [...sum].filter(([, value]) => value !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    monomials: terms.map(([monomial]) => monomial),
    coefficients: terms.map(([, value]) => value),
    denominator: 1n,
  };
}
