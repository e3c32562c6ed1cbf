import { atomLiteral, atomOf } from "./atoms.ts";
import { type Claim, clausify } from "./clausify.ts";
import { addCongruence, addExtensionality, addRead } from "./steps.ts";
import { checkContradiction, type Summand } from "./lemma.ts";
import {
  bound,
  createMeter,
  kernelLimits,
  type Limits,
  refuse,
  require,
  Stopped,
} from "./limits.ts";
import { constant, constantOf } from "./polynomial.ts";
import { addClause, type Literal, negate, type Problem } from "./problem.ts";
import { createPropagation, implies, type Propagation, propagate, watch } from "./propagation.ts";
import { type Reader, readBelow, readCount, readNatural, readPolynomial } from "./reader.ts";

/** The kernel's version: it is part of what a record says, and the first byte of a certificate. */
export const KERNEL_VERSION = 1;

/** What the kernel says of a certificate. */
export type Certification =
  | {
      readonly type: "certified";
      readonly steps: number;
      readonly lemmas: number;
      readonly work: number;
    }
  /** `step` counts from 0; without it the obligation itself or the first byte is at fault. */
  | { readonly type: "refused"; readonly reason: string; readonly step?: number }
  | { readonly type: "exhausted"; readonly limit: keyof Limits; readonly step?: number };

/** A certificate that is being checked. */
interface Check {
  readonly problem: Problem;
  readonly propagation: Propagation;
  readonly reader: Reader;
  /** How many of the problem's clauses are watched. */
  watched: number;
  steps: number;
  lemmas: number;
}

/**
 * Says whether a certificate shows that every model of the assumptions is one of the goal.
 *
 * A pure function of its arguments: it answers for any terms and any bytes, within counted limits
 * and without recursion. Terms must be plain data. The argument for soundness stands at `Problem`:
 * each step adds only clauses that are true in every model, and at the end they contradict.
 */
export function certify(
  claim: Claim,
  certificate: Uint8Array,
  limits: Limits = kernelLimits,
): Certification {
  let check: Check | undefined;
  try {
    require(typeof claim === "object" && claim !== null, "an obligation is not an object");
    require(certificate instanceof Uint8Array, "a certificate is not bytes");
    const meter = createMeter(limits);
    bound(meter, "bytes", certificate.length);
    const problem = clausify(claim, meter);
    const reader = { meter, bytes: certificate, at: 0 };
    const propagation = createPropagation(meter);
    require(readNatural(reader) === BigInt(KERNEL_VERSION), "a certificate of another version");
    const started = { problem, propagation, reader, watched: 0, steps: 0, lemmas: 0 };
    check = started;
    run(started);
    return { type: "certified", steps: started.steps, lemmas: started.lemmas, work: meter.spent };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return check === undefined ? error.stop : { ...error.stop, step: check.steps };
  }
}

function run(check: Check): void {
  const { problem, propagation, reader } = check;
  const { meter } = problem;
  while (!settle(check)) {
    require(reader.at < reader.bytes.length, "the certificate ends without a contradiction");
    meter.phase = "work";
    takeStep(check);
    check.steps++;
    bound(meter, "steps", check.steps);
  }
  require(propagation.contradiction, "no contradiction");
  require(reader.at === reader.bytes.length, "bytes after the contradiction");
}

/** Watches new clauses; whether all together contradict each other. */
function settle(check: Check): boolean {
  const { problem, propagation } = check;
  for (; check.watched < problem.clauses.length; check.watched++) {
    watch(propagation, problem.clauses[check.watched] ?? []);
  }
  return propagate(propagation);
}

function takeStep(check: Check): void {
  const { problem, reader } = check;
  const node = (): number => readBelow(reader, problem.nodes.length);
  const kind = readBelow(reader, 7);
  switch (kind) {
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
      const literals = readLiterals(check);
      require(implies(check.propagation, literals), "a clause that propagation does not show");
      return addClause(problem, literals);
    }
    default:
      return refuse("a step of unknown kind");
  }
}

/** Adds the clause that not all hypotheses hold. */
function takeLemma(check: Check): void {
  const { problem, reader } = check;
  check.lemmas++;
  bound(problem.meter, "lemmas", check.lemmas);
  const literals = readLiterals(check);
  const hypotheses = literals.map(
    (literal) => atomOf(problem, literal) ?? refuse("a hypothesis that is no atom"),
  );
  const summands = Array.from({ length: readCount(reader) }, () =>
    readSummand(check, hypotheses.length),
  );
  checkContradiction(problem, hypotheses, summands);
  addClause(problem, literals.map(negate));
}

function readSummand({ problem, reader }: Check, hypotheses: number): Summand {
  const head = readBelow(reader, 2 * reader.bytes.length);
  const indexes: number[] = [];
  for (let count = head >> 1; count > 0; count--) {
    const index = readBelow(reader, hypotheses);
    require(index >= (indexes.at(-1) ?? 0), "hypotheses that descend");
    indexes.push(index);
  }
  if (head % 2 === 0) return { hypotheses: indexes, factor: constant(readNatural(reader)) };
  const factor = readPolynomial(reader, problem.unknowns.length);
  require((constantOf(factor) ?? 0n) <= 0n, "a factor that is written as a polynomial in vain");
  return { hypotheses: indexes, factor };
}

function readLiterals({ problem, reader }: Check): readonly Literal[] {
  return Array.from({ length: readCount(reader) }, () => readBelow(reader, 2 * problem.variables));
}
