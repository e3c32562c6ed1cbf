/** Problem of a genesis or of parameters, with the way to repair it. */
export interface Problem {
  /**
   * Path of the value, such as `parameters.viewTimeoutMaxMs` or `validators[2].stake`. Empty for
   * the whole genesis.
   */
  readonly path: string;
  /** Description of the problem, with its numbers. */
  readonly what: string;
  /** Instruction how to repair it. */
  readonly repair: string;
  /** Paths of other values on which the broken rule depends. */
  readonly involves: readonly string[];
}

/** Formats a problem as one line. */
export function problemText({ path, what, repair }: Problem): string {
  return path === "" ? `${what}: ${repair}` : `${path} ${what}: ${repair}`;
}
