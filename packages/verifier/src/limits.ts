/**
 * Numbers that decide a verdict, each with its reason; others stand in `theorem/limits.ts`,
 * `z3/fuel/limits.ts`, `kernel/limits.ts` and `prover/budget/budget.ts`. Together with the first two they
 * are `JUDGE_VERSION`, and kernel and prover have versions of their own: change a number and its
 * version must grow, since validators with different numbers disagree.
 *
 * "Measured" refers to 306 SMT-LIB scripts (solver test suites, verification conditions from
 * tools, 83 hostile ones) on Z3 5.1 in WebAssembly.
 */

/**
 * Grows with every change of limits, screening, encoding, difficulty, warm-up, the order of work,
 * or solver.
 */
export const JUDGE_VERSION = 5;

/**
 * Units of solver work for one proof, when the proof does not say less. Measured: of 116 real
 * scripts that Z3 proves within 20 million, 99 % need under 7.5 million and the greatest
 * 7.9 million; ten million take 1 to 50 s on a busy core, twenty up to 97 s.
 */
export const RESOURCE_LIMIT_DEFAULT = 10_000_000;

/** Greatest limit that a proof may ask for: Z3 counts in 32 bits, and the watchdog must be above it. */
export const RESOURCE_LIMIT_MAX = 40_000_000;

/**
 * Units for one lemma or one cut obligation; beyond them the obligation is judged whole. Measured:
 * lemmas take 1,000 each, the largest cut of one sender paying 13 accounts 12,000.
 */
export const CUT_UNITS_MAX = 200_000;

/**
 * Steps of the prover for the intents of one payload: what is free, what each of the solver's units
 * adds, so that time stays in proportion to what is paid, and the most. Measured: the largest
 * intent of the standard library takes 85,000, one sender paying 13 accounts 390,000, forty stores
 * to three accounts some millions; a million take 0.1 to 1.3 s.
 */
export const PROVER_STEPS = { free: 2_000_000, perUnit: 20, max: 5_000_000 } as const;

/** Constants shown of a model that refutes a theorem. */
export const SCRIPT_MODEL_ENTRIES_MAX = 64;

/** Characters of one shown value. */
export const SCRIPT_MODEL_VALUE_LENGTH_MAX = 256;

/** Diagnostics that a rejected proof reports at most. */
export const DIAGNOSTICS_MAX = 20;

/** Characters of one message or reason: what Z3 says may quote a whole script. */
export const MESSAGE_LENGTH_MAX = 300;
