/** One thing that cannot work, for the person who mends it. */
export interface Problem {
  /** Where: `parameters.viewTimeoutMaxMs`, `validators[2].stake`; empty for the whole. */
  readonly path: string;
  /** What is wrong, with the numbers. */
  readonly what: string;
  /** What to do. */
  readonly mend: string;
  /** Paths of the other values that the rule looked at, if any. */
  readonly involves: readonly string[];
}

/** A problem on one line. */
export function problemText({ path, what, mend }: Problem): string {
  return path === "" ? `${what}: ${mend}` : `${path} ${what}: ${mend}`;
}
