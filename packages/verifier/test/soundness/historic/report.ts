/**
 * One wrong answer of a solver that was reported in public, as a script of our own that asks the
 * same. Written anew: names, shape and numbers are ours.
 */
export interface HistoricReport {
  /** `owner/repository#number` of each tracker entry that the script is after. */
  readonly reports: readonly string[];
  /** Whether the first entry was open when it was looked up, on 2026-11-29. */
  readonly state: "open" | "closed";
  /** Truth of the script, by a witness or by the argument in `because`. */
  readonly truth: "sat" | "unsat";
  readonly because: string;
  /** Declarations and assertions; the final `check-sat` is added. */
  readonly script: string;
  /** Further assertions that give the constants values for which all is true. */
  readonly witness?: string;
  /** Judgement on the pinned Z3. */
  readonly judge: "valid" | "refuted" | "unknown" | "rejected";
}
