/**
 * Numbers that decide which scripts are judged at all, beside those in `limits.ts`: change
 * one and `JUDGE_VERSION` must grow.
 */

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

/** Nodes of one sort when it is written out. Measured: real ones have under 20. */
export const SORT_SIZE_MAX = 1_000;

/** Sorts that the datatypes of one declaration are made of. Measured: real ones have under 100. */
export const REACHABLE_SORTS_MAX = 500;

/** Operators on the longest way down a term, definitions expanded: Z3 recurs over some terms. */
export const TERM_DEPTH_MAX = 20_000;

/**
 * Work that the script's length does not bound: terms visited while definitions are expanded, sorts
 * made while parameters are replaced, each with its operands. A million take up to two seconds.
 * Measured: one real script needs 300,000, all others under 6,000.
 */
export const EXPANSION_STEPS_MAX = 600_000;

/** Variables in scope at one place. Measured: real scripts have under 50. */
export const QUANTIFIED_MAX = 500;

/** Characters of all that Z3 reads. Sharing makes it smaller than most scripts are. */
export const PRINTED_MAX = 8_388_608;

/**
 * Terms that printing looks at while it searches shared ones, once for each quantifier around.
 * Measured: one real script needs 1.1 million, all others under 90,000.
 */
export const PRINT_STEPS_MAX = 2_000_000;

/** Bits of a float's exponent: the standard's largest format has 15. */
export const FLOAT_EXPONENT_MAX = 15;

/** Bits of a float's significand: the standard's largest format has 113. */
export const FLOAT_SIGNIFICAND_MAX = 113;

/**
 * Steps of the prover for one theorem: what is free, what each of the solver's units adds, so that
 * time stays in proportion to what is paid, and the most. Measured: of 65 real scripts that are
 * certified with three million steps, 61 are with these; a million take 0.1 to 0.8 s.
 */
export const THEOREM_STEPS = { free: 200_000, perUnit: 10, max: 3_000_000 } as const;

/**
 * Terms that a script's translation into the language of prover and kernel makes at most, and nodes
 * of the sorts of its symbols. Beyond them a theorem is not certified. Measured: real ones need up
 * to 72,000; the kernel takes 100,000 terms.
 */
export const TRANSLATION_NODES_MAX = 200_000;

/** Pairs of operands of every `distinct` together: Z3 writes them out. Measured: real, up to 31,200. */
export const DISTINCT_PAIRS_MAX = 500_000;

/** Degree of one polynomial, definitions and equations expanded. Measured: real ones have up to 5. */
export const DEGREE_MAX = 16;

/** Products of one polynomial, written out: Z3 sorts and merges them. Measured: real, up to 125. */
export const MONOMIALS_MAX = 4_096;

/** Gates of all circuits, as `growth/circuit.ts` counts them. Measured: real, up to 2.1 million. */
export const GATES_MAX = 8_000_000;

/** Squares of the 64-bit words of all long numerals, together. */
export const NUMERALS_MAX = 200_000;
