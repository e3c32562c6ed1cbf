import type { Rational } from "./rational.ts";

/**
 * Counted limits of a search. A step is one elementary operation, such as a visit of a clause or of
 * an entry of a row. The count is the same on every machine, and a step takes at most about a
 * microsecond. Smaller work, such as a look at a literal, counts as a part of a step. Work is
 * counted before it is done, or in small portions.
 */
export interface Budget {
  readonly limits: ProverLimits;
  /** Greatest magnitude of a numerator or denominator. A larger number ends the search. */
  readonly numberMax: bigint;
  steps: number;
  /** Parts of a step (`partsOfStep` make one) that are not counted in `steps` yet. */
  parts: number;
  lemmas: number;
}

export type LimitName = "steps" | "digits" | "bytes" | "lemmas";

export interface ProverLimits {
  /** Greatest number of elementary steps of the search. */
  readonly stepsMax: number;
  /** Greatest length of a numerator or denominator, in bits. */
  readonly digitsMax: number;
  /** Greatest length of a certificate, in bytes. */
  readonly bytesMax: number;
  /** Greatest number of clauses learned from theories or conflicts. */
  readonly lemmasMax: number;
}

export const defaultLimits: ProverLimits = {
  stepsMax: 40_000_000,
  digitsMax: 1_024,
  bytesMax: 65_536,
  lemmasMax: 50_000,
};

export function createBudget(limits: ProverLimits): Budget {
  return {
    limits,
    numberMax: 1n << BigInt(limits.digitsMax),
    steps: 0,
    parts: 0,
    lemmas: 0,
  };
}

/** Error that ends the search because a limit is used up. Only `findCertificate` catches it. */
export class Spent extends Error {
  override readonly name = "Spent";
  readonly limit: LimitName;

  constructor(limit: LimitName) {
    super(limit);
    this.limit = limit;
  }
}

const short = 1n << 128n;

/**
 * Counts the steps of `times` operations on exact numbers, whose cost follows from the length of
 * the result. Reducing a fraction takes the square of its length (Euclid): a fraction of 1,024 bits
 * costs about 256 steps, and a longer one ends the search.
 */
export function spendOn(budget: Budget, result: Rational, times = 1): void {
  if (typeof result === "number") {
    spend(budget, times);
    return;
  }
  const { numerator, denominator } = result;
  if (numerator < short && numerator > -short && denominator < short) {
    spend(budget, 2 * times);
    return;
  }
  const max = budget.numberMax;
  if (numerator > max || numerator < -max || denominator > max) throw new Spent("digits");
  const digits = Math.max(numerator.toString(16).length, denominator.toString(16).length);
  const words = Math.ceil(digits / 16);
  spend(budget, times * words * (8 + Math.ceil(words / 2)));
}

/** Counts steps. Ends the search if they exceed the limit. */
export function spend(budget: Budget, steps: number): void {
  budget.steps += steps;
  if (budget.steps > budget.limits.stepsMax) throw new Spent("steps");
}

/** Number of parts in one step. A part is a look at a literal, a variable or a short number. */
const partsOfStep = 128;

/** Counts parts of a step. Each `partsOfStep` parts count as one step. */
export function spendParts(budget: Budget, parts: number): void {
  budget.parts += parts;
  if (budget.parts < partsOfStep) return;
  const steps = Math.floor(budget.parts / partsOfStep);
  budget.parts -= steps * partsOfStep;
  spend(budget, steps);
}

/** Counts a clause that is learned from a theory or a conflict. */
export function spendLemma(budget: Budget): void {
  if (++budget.lemmas > budget.limits.lemmasMax) throw new Spent("lemmas");
}
