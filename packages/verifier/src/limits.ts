/**
 * Numbers that decide a verdict, each with its reason. Others are in `theorem/limits.ts`,
 * `z3/fuel/limits.ts`, `kernel/limits.ts` and `prover/budget/budget.ts`. `JUDGE_VERSION` must grow
 * with every change of the numbers here and in the first two of these files; the kernel and the
 * prover have versions of their own. Validators with different numbers would disagree.
 *
 * "Measured" refers to 306 SMT-LIB scripts (solver test suites, verification conditions from tools,
 * 83 hostile ones) on Z3 5.1 in WebAssembly.
 */

/**
 * Version of the Judge. It grows with every change of limits, screening, encoding, difficulty,
 * warm-up, the order of work, or the solver.
 */
export const JUDGE_VERSION = 6;

/**
 * Default limit of solver work for one payload, in Z3's resource units. Measured: of 116 real
 * scripts that Z3 proves within 20 million units, 99 % need under 7.5 million, and the greatest
 * needs 7.9 million. Ten million units take 1 to 50 s on a busy core, twenty million up to 97 s.
 */
export const RESOURCE_LIMIT_DEFAULT = 10_000_000;

/**
 * Greatest limit of solver work for one payload, in units. Z3 counts in 32 bits, and the watchdog
 * must allow enough time for the limit.
 */
export const RESOURCE_LIMIT_MAX = 40_000_000;

/**
 * Limit for proving one lemma or one cut of an obligation (see `Cut`), in solver units. If it is
 * exceeded, the obligation is proved without its cut. Measured: lemmas take 1,000 each, the largest
 * cut of one sender paying 13 accounts takes 12,000.
 */
export const CUT_UNITS_MAX = 200_000;

/**
 * Limit of the prover's steps for all intents of one payload: `free`, plus `perUnit` for each
 * resource unit of the solver, but at most `max`. So the time is in proportion to the fee.
 * Measured: the largest intent of the standard library takes 85,000 steps, one sender paying 13
 * accounts 390,000, forty stores to three accounts some millions; a million steps take 0.1 to 1.3
 * s.
 */
export const PROVER_STEPS = { free: 2_000_000, perUnit: 20, max: 5_000_000 } as const;

/** Greatest number of constants that are shown of a model that refutes a theorem. */
export const SCRIPT_MODEL_ENTRIES_MAX = 64;

/** Greatest length of one shown value, in characters. */
export const SCRIPT_MODEL_VALUE_LENGTH_MAX = 256;

/** Greatest number of diagnostics of a rejected proof. */
export const DIAGNOSTICS_MAX = 20;

/**
 * Greatest length of one message or reason, in characters. Messages of Z3 may quote a whole script.
 */
export const MESSAGE_LENGTH_MAX = 300;
