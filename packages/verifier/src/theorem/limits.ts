/**
 * Bounds on scripts. These and the numbers in `../limits.ts` decide whether a script is judged.
 * Every change of them must raise `JUDGE_VERSION`.
 */

/**
 * Greatest size of a script, in bytes. Measured: 95 % of real scripts have under 75 kB, the largest
 * 160 kB.
 */
export const SCRIPT_BYTES_MAX = 1_048_576;

/**
 * Greatest nesting of parentheses. Measured: real scripts stay below 500. Z3 overflows its stack at
 * 100,000 on some inputs. Where exactly it does depends on how V8 compiled it, so the limit is far
 * below.
 */
export const SCRIPT_DEPTH_MAX = 10_000;

/** Greatest number of atoms and lists of a script. It bounds the memory that screening needs. */
export const SCRIPT_NODES_MAX = 1_000_000;

/** Greatest length of a symbol, in characters. Measured: symbols of real scripts have under 200. */
export const SYMBOL_LENGTH_MAX = 1_024;

/**
 * Greatest number of declared or defined names, constructors and selectors included. Measured: real
 * scripts have under 3,000.
 */
export const DECLARATIONS_MAX = 20_000;

/**
 * Greatest number of digits of a numeral. Z3 reads decimal numerals in quadratic time. Measured:
 * numerals of real scripts have under 100 digits.
 */
export const NUMERAL_DIGITS_MAX = 4_096;

/**
 * Greatest width of a bit vector, and of a bit literal, in bits. Measured: bit vectors of real
 * scripts have up to 128 bits.
 */
export const BIT_WIDTH_MAX = 65_536;

/**
 * Greatest value of a numeral after `_` that is not a width, such as that of `repeat`, `extract`,
 * `re.loop` or `to_fp`. Z3 unrolls `re.loop`.
 */
export const INDEX_MAX = 65_536;

/**
 * Greatest size, in 64-bit words, of a constant, product or concatenation that Z3 may fold. Z3 does
 * not count work on long integers, so no resource limit stops a tower of squares (measured:
 * 3^(2^26) hangs).
 */
export const GROWTH_MAX = 4_096;

/**
 * Greatest number of operands of one `distinct`. Z3 expands it to all pairs (measured: it hangs at
 * 3,000).
 */
export const DISTINCT_MAX = 500;

/**
 * Greatest number of nodes of one sort when it is written out. Measured: sorts of real scripts have
 * under 20.
 */
export const SORT_SIZE_MAX = 1_000;

/**
 * Greatest number of sorts that the datatypes of one declaration contain. Measured: those of real
 * scripts contain under 100.
 */
export const REACHABLE_SORTS_MAX = 500;

/** Greatest depth of a term with definitions expanded. Z3 recurses over some terms. */
export const TERM_DEPTH_MAX = 20_000;

/**
 * Greatest number of steps for work that can grow faster than the script: visits of terms while
 * definitions are expanded, and new sorts while parameters are replaced. Each operand counts too.
 * A million steps take up to two seconds. Measured: one real script needs 300,000, all others under
 * 6,000.
 */
export const EXPANSION_STEPS_MAX = 600_000;

/**
 * Greatest number of quantified variables in scope at one place. Measured: real scripts have under
 * 50.
 */
export const QUANTIFIED_MAX = 500;

/**
 * Greatest length of the text that Z3 reads, in characters. Repeated terms are named by `let`, so
 * the text is shorter than most scripts.
 */
export const PRINTED_MAX = 8_388_608;

/**
 * Greatest number of visits of terms in the search for terms that occur more than once. A term is
 * visited once for each quantifier around it. Measured: one real script needs 1.1 million, all
 * others under 90,000.
 */
export const PRINT_STEPS_MAX = 2_000_000;

/** Greatest number of bits of a float's exponent. The largest format of the standard has 15. */
export const FLOAT_EXPONENT_MAX = 15;

/** Greatest number of bits of a float's significand. The largest format of the standard has 113. */
export const FLOAT_SIGNIFICAND_MAX = 113;

/**
 * Limit of the prover's steps for one theorem: `free`, plus `perUnit` for each resource unit of the
 * solver, but at most `max`. So the time is in proportion to the fee. Measured: of 65 real scripts
 * that are certified with three million steps, 61 are certified with this limit; a million steps
 * take 0.1 to 0.8 s.
 */
export const THEOREM_STEPS = { free: 200_000, perUnit: 10, max: 3_000_000 } as const;

/**
 * Greatest number of terms, and of nodes in the sorts of symbols, in a script's translation for the
 * prover and the kernel. A theorem that exceeds it is not certified. Measured: real scripts need up
 * to 72,000; the kernel takes 100,000 terms.
 */
export const TRANSLATION_NODES_MAX = 200_000;

/**
 * Greatest number of pairs of operands of all `distinct` together. Z3 writes the pairs out.
 * Measured: real scripts have up to 31,200.
 */
export const DISTINCT_PAIRS_MAX = 500_000;

/**
 * Greatest degree of a polynomial with definitions and equations expanded. Measured: real scripts
 * have up to 5.
 */
export const DEGREE_MAX = 16;

/**
 * Greatest number of products of a polynomial when it is written out. Z3 sorts and merges them.
 * Measured: real scripts have up to 125.
 */
export const MONOMIALS_MAX = 4_096;

/**
 * Greatest number of gates of all circuits, as `growth/circuit.ts` counts them. Measured: real
 * scripts have up to 2.1 million.
 */
export const GATES_MAX = 8_000_000;

/**
 * Greatest sum, over all numerals longer than a word, of the square of the number of their 64-bit
 * words.
 */
export const NUMERALS_MAX = 200_000;
