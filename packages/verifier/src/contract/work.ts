/**
 * Limits of the work on a contract that no prover or solver counts, for each contract. The Judge
 * and the check of a certificate have the same ones, so they agree on what exceeds them. A unit is
 * one visited or built node of a tree, or one step of a loop. Measured on a busy core: each limit
 * takes 0.1 to 0.5 s.
 */
export const WORK_LIMITS = {
  /** Evaluating rules on the state at publication. Measured: the library takes at most 5,000. */
  initial: 2_000_000,
  /**
   * Assumptions of the obligations of calls, each counted for every obligation. Measured: the
   * library has at most 5,000.
   */
  assumptions: 100_000,
  /** Deriving obligations. Measured: the library takes at most 110,000. */
  derivation: 2_000_000,
  /**
   * Confirming one run that refutes a contract, without a solver. Measured: the runs that the Judge
   * finds for the mutants of the library take at most 10,000.
   */
  confirmation: 200_000,
} as const;

/** Stops work before it exceeds its limit. */
export class WorkExceeded extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`the limit of ${limit} units of work is reached`);
    this.name = "WorkExceeded";
    this.limit = limit;
  }
}

/** Counter of work. */
export interface WorkMeter {
  /** Counts units of work before they are done. Throws `WorkExceeded` if they exceed the limit. */
  readonly spend: (units: number) => void;
  /** Returns the number of units that were counted. */
  readonly spent: () => number;
}

/** Creates a counter that has counted nothing. */
export function createWorkMeter(limit: number): WorkMeter {
  let spent = 0;
  return {
    spend: (units) => {
      spent += units;
      if (spent > limit) throw new WorkExceeded(limit);
    },
    spent: () => spent,
  };
}

/** Returns a sentence on obligations that have too many assumptions, with what an author can do. */
export function tooManyAssumptions({ limit }: WorkExceeded): string {
  return `the obligations have more than ${limit} assumptions: use fewer intents or rules, or touch fewer cells in one intent`;
}
