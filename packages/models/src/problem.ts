/** Problem of a genesis or of parameters, and its repair. */
export interface Problem {
  /**
   * Path of the value: `parameters.viewTimeoutMaxMs`, `validators[2].stake`; empty for the whole.
   */
  readonly path: string;
  /** Description of the problem, with the numbers. */
  readonly what: string;
  /** Instruction that repairs it. */
  readonly repair: string;
  /** Paths of the other values that the rule looked at, if any. */
  readonly involves: readonly string[];
}

/** A problem on one line. */
export function problemText({ path, what, repair }: Problem): string {
  return path === "" ? `${what}: ${repair}` : `${path} ${what}: ${repair}`;
}
