/**
 * Limits of a source. Walks over a syntax tree are recursive and numbers are unbounded, so these
 * limits bound the cost of a hostile source.
 */
export const LANGUAGE_LIMITS = {
  /** Length of one source, in bytes of UTF-8. */
  sourceBytes: 65_536,
  /** Levels of an expression's syntax tree. It keeps recursive walks from exhausting the stack. */
  depth: 100,
  /**
   * Brackets, prefixes and branches that are open at once while parsing. The printed text of a tree
   * needs up to two for each level of the tree.
   */
  nesting: 240,
  /** Length of a name, in characters. */
  nameLength: 64,
  /** Intents of one source, including the members of batches. */
  intents: 64,
  /** Constants and assets of one source, counted together. */
  constants: 64,
  /** Parameters of one intent. */
  parameters: 16,
  /** Parameters of all members of one batch together. A call cannot carry more arguments. */
  batchParameters: 64,
  /** Statements of one block. */
  statements: 64,
  /** Expression nodes of one intent. */
  nodes: 2_048,
  /** Width of a numeral, in bits. */
  numeralBits: 256,
  /**
   * Width of any intermediate value of an intent, in bits, with `let`s written out and quotients
   * and remainders taken to be as wide as their wider operand. Measured: a tower of `v * v % m`
   * with five levels has 2,048 bits by this count, and one with twenty-nine keeps a solver busy
   * without end.
   */
  valueBits: 1_024,
  /** Diagnostics that are reported for one source. Further ones are dropped. */
  diagnostics: 20,
} as const;
