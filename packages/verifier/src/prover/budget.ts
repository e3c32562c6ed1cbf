import type { Rational } from "./rational.ts";

/**
 * Counted limits of a search. A step is one visit of a clause, an entry of a row or the like: the
 * same on every machine, and nearly proportional to time.
 */
export interface Budget {
  readonly limits: ProverLimits;
  /** Numbers of a larger size end the search. */
  readonly numberMax: bigint;
  steps: number;
  lemmas: number;
  /** Name of the limit that ended the search. */
  exceeded: LimitName | undefined;
}

export type LimitName = "steps" | "digits" | "bytes" | "lemmas";

export interface ProverLimits {
  /** Elementary steps of the search. */
  readonly stepsMax: number;
  /** Bits of a numerator or denominator. */
  readonly digitsMax: number;
  /** Bytes of a certificate. */
  readonly bytesMax: number;
  /** Clauses learned from theories or conflicts. */
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
    lemmas: 0,
    exceeded: undefined,
  };
}

const short = 1n << 128n;

/**
 * Counts an operation on exact numbers by its result. Reducing a long fraction takes the square of
 * its length (Euclid), so that of 1,024 bits costs 256 steps and more than that ends the search.
 */
export function spendOn(budget: Budget, result: Rational, times = 1): boolean {
  if (typeof result === "number") return spend(budget, times);
  const { numerator, denominator } = result;
  if (numerator < short && numerator > -short && denominator < short) {
    return spend(budget, 2 * times);
  }
  const max = budget.numberMax;
  if (numerator > max || numerator < -max || denominator > max) budget.exceeded ??= "digits";
  const digits = Math.max(numerator.toString(16).length, denominator.toString(16).length);
  const words = Math.ceil(digits / 16);
  return spend(budget, times * words * (8 + Math.ceil(words / 2)));
}

/** Counts steps and returns whether the search may go on. */
export function spend(budget: Budget, steps: number): boolean {
  budget.steps += steps;
  if (budget.steps > budget.limits.stepsMax) budget.exceeded ??= "steps";
  return budget.exceeded === undefined;
}
