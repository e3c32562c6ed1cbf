import { atomLiteral, atomOf } from "./atoms.ts";
import { type Claim, clausify } from "./clausify.ts";
import { checkContradiction, type Summand } from "./lemma.ts";
import type { Limits, Stop } from "./limits.ts";
import {
  bound,
  createMeter,
  demand,
  kernelLimits,
  refuse,
  Stopped,
  spend,
  startSteps,
} from "./limits.ts";
import { constant, constantOf } from "./polynomial.ts";
import { addClause, type Literal, negate, type Problem } from "./problem.ts";
import { createPropagation, implies, type Propagation, propagate, watch } from "./propagation.ts";
import { type Reader, readBelow, readList, readNatural, readPolynomial } from "./reader.ts";
import { addCongruence, addExtensionality, addRead } from "./steps.ts";

/**
 * Version of the kernel's rules and of its format. It is the first byte of every certificate, and
 * records on the chain hold it.
 */
export const KERNEL_VERSION = 1;

/**
 * Answer of the kernel. `step` is the index of the step at which the check stopped, from 0. Without
 * `step`, the check stopped while it read the claim or the arguments.
 */
export type Certification =
  | {
      readonly type: "certified";
      readonly steps: number;
      readonly lemmas: number;
      readonly work: number;
    }
  | (Stop & { readonly step?: number });

interface Check {
  readonly problem: Problem;
  readonly propagation: Propagation;
  readonly reader: Reader;
  /** Number of the problem's clauses that were passed to the unit propagation. */
  watched: number;
  steps: number;
  lemmas: number;
}

/**
 * Checks whether a certificate shows that every model of the assumptions is a model of the goal.
 *
 * This is a pure function. It answers for any bytes and for any terms that are plain data, within
 * counted limits and without recursion. Each step only adds clauses that keep the invariant of
 * `Problem`. A certificate is accepted if at its end the clauses contradict each other.
 */
export function certify(
  claim: Claim,
  certificate: Uint8Array,
  limits: Limits = kernelLimits,
): Certification {
  let check: Check | undefined;
  try {
    const meter = createMeter(limits);
    demand(typeof claim === "object" && claim !== null, "an obligation is not an object");
    demand(certificate instanceof Uint8Array, "a certificate is not bytes");
    bound(meter, "bytes", certificate.length);
    const problem = clausify(claim, meter);
    const reader = { meter, bytes: certificate, at: 0 };
    const propagation = createPropagation(meter);
    check = { problem, propagation, reader, watched: 0, steps: 0, lemmas: 0 };
    run(check);
    return { type: "certified", steps: check.steps, lemmas: check.lemmas, work: meter.spent };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return check === undefined ? error.stop : { ...error.stop, step: check.steps };
  }
}

function run(check: Check): void {
  const { meter, bytes } = check.reader;
  demand(readBelow(check.reader, 128) === KERNEL_VERSION, "a certificate of another version");
  while (!findsContradiction(check)) {
    demand(check.reader.at < bytes.length, "the certificate ends without a contradiction");
    if (check.steps === 0) startSteps(meter);
    spend(meter, 50);
    takeStep(check);
    bound(meter, "steps", ++check.steps);
  }
  demand(check.reader.at === bytes.length, "bytes after the contradiction");
}

/**
 * Passes new clauses to the unit propagation, and tells whether propagation over all clauses finds
 * a contradiction.
 */
function findsContradiction(check: Check): boolean {
  const { problem, propagation } = check;
  for (; check.watched < problem.clauses.length; check.watched++) {
    watch(propagation, problem.clauses[check.watched] ?? []);
  }
  return propagate(propagation);
}

function takeStep(check: Check): void {
  const { problem, reader } = check;
  const node = (): number => readBelow(reader, problem.nodes.length);
  switch (readBelow(reader, 128)) {
    case 1: {
      const strict = readBelow(reader, 2) === 1;
      atomLiteral(problem, readPolynomial(reader, problem.unknowns.length), strict);
      return;
    }
    case 2:
      return addCongruence(problem, node(), node());
    case 3:
      return addRead(problem, [node(), node()], node());
    case 4:
      return addExtensionality(problem, node(), node());
    case 5:
      return takeLemma(check);
    case 6: {
      // Reverse unit propagation (Goldberg and Novikov, "Verification of proofs of
      // unsatisfiability for CNF formulas", 2003): what contradicts the clauses is false.
      const literals = readLiterals(check);
      demand(implies(check.propagation, literals), "a clause that propagation does not show");
      return addClause(problem, literals);
    }
    default:
      return refuse("an unknown step");
  }
}

/**
 * Checks an arithmetic lemma. Adds the clause that it justifies: the hypotheses of the lemma cannot
 * all hold.
 */
function takeLemma(check: Check): void {
  const { problem, reader } = check;
  bound(problem.meter, "lemmas", ++check.lemmas);
  const literals = readLiterals(check);
  const atoms = literals.map(
    (literal) => atomOf(problem, literal) ?? refuse("a hypothesis that is no atom"),
  );
  checkContradiction(
    problem,
    atoms,
    readList(reader, () => readSummand(check, atoms.length)),
  );
  addClause(problem, literals.map(negate));
}

function readSummand({ problem, reader }: Check, end: number): Summand {
  const head = readBelow(reader, 2 * reader.bytes.length);
  const hypotheses: number[] = [];
  while (hypotheses.length < head >> 1) {
    const index = readBelow(reader, end);
    demand(index >= (hypotheses.at(-1) ?? 0), "hypotheses that descend");
    hypotheses.push(index);
  }
  const isNumber = head % 2 === 0;
  const factor = isNumber
    ? constant(readNatural(reader))
    : readPolynomial(reader, problem.unknowns.length);
  const isPositive = (constantOf(factor) ?? 0n) > 0n;
  demand(isNumber === isPositive, "a factor that is not written as it must be");
  return { hypotheses, factor };
}

function readLiterals({ problem, reader }: Check): readonly Literal[] {
  return readList(reader, () => readBelow(reader, 2 * problem.variables));
}
