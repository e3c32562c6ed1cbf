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

/** Counts steps and returns whether the search may go on. */
export function spend(budget: Budget, steps: number): boolean {
  budget.steps += steps;
  if (budget.steps > budget.limits.stepsMax) budget.exceeded ??= "steps";
  return budget.exceeded === undefined;
}
