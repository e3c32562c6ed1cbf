/**
 * Numbers that decide a verdict, each with its reason; others stand in `theorem/limits.ts`,
 * `z3/fuel/limits.ts`, `kernel/limits.ts` and `prover/budget.ts`. Together with the first two they
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

/** Bytes of a script. Measured: 95 % of real scripts have under 75 kB, the largest 160 kB. */
export const SCRIPT_BYTES_MAX = 1_048_576;

/**
 * Nested parentheses. Measured: real scripts stay below 500; Z3 overflows its stack at 100,000 on
 * some inputs and where exactly depends on how V8 compiled it, so the limit keeps far away.
 */
export const SCRIPT_DEPTH_MAX = 10_000;

/** Atoms and lists in a script: bounds the memory of the screen. */
export const SCRIPT_NODES_MAX = 1_000_000;

/** Characters of one symbol. Measured: real ones have under 200. */
export const SYMBOL_LENGTH_MAX = 1_024;

/** Declared or defined names. Measured: real scripts have under 3,000. */
export const DECLARATIONS_MAX = 20_000;

/** Digits of one numeral: reading decimal numerals is quadratic in Z3. Measured: real ones, under 100. */
export const NUMERAL_DIGITS_MAX = 4_096;

/** Width of a bit vector, and bits of a literal. Measured: real ones have up to 128. */
export const BIT_WIDTH_MAX = 65_536;

/** Any other index: `repeat`, `extract`, `re.loop`, `to_fp`. Loops unroll, so it is small. */
export const INDEX_MAX = 65_536;

/**
 * How many 64-bit words one constant, one product or one concatenation may grow to when Z3 folds
 * it. A tower of squares passes any resource limit (measured: 3^(2^26) hangs), since bignum work
 * is not counted.
 */
export const GROWTH_MAX = 4_096;

/** Arguments of one `distinct`: it expands to all pairs (measured: 3,000 hang). */
export const DISTINCT_MAX = 500;

/** Constants shown of a model that refutes a theorem. */
export const SCRIPT_MODEL_ENTRIES_MAX = 64;

/** Characters of one shown value. */
export const SCRIPT_MODEL_VALUE_LENGTH_MAX = 256;

/** Diagnostics that a rejected proof reports at most. */
export const DIAGNOSTICS_MAX = 20;

/** Characters of one message or reason: what Z3 says may quote a whole script. */
export const MESSAGE_LENGTH_MAX = 300;
