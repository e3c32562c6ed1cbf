/**
 * Bounds on what a source may contain. Every walk over a syntax tree is recursive and every
 * number is unbounded, so these are what keeps a hostile source cheap.
 */
export const LANGUAGE_LIMITS = {
  /** UTF-8 bytes of one source. */
  sourceBytes: 65_536,
  /** Levels of a syntax tree, so that recursive walks cannot exhaust the stack. */
  depth: 100,
  /** Brackets, prefixes and branches open at once while parsing; a printed tree needs two a level. */
  nesting: 240,
  /** Characters of a name. */
  nameLength: 64,
  /** Intents of one source, batches included. */
  intents: 64,
  /** Constants and assets of one source. */
  constants: 64,
  /** Parameters of one intent. */
  parameters: 16,
  /** Parameters of all members of one batch: a call carries no more arguments. */
  batchParameters: 64,
  /** Statements of one block. */
  statements: 64,
  /** Expression nodes of one intent. */
  nodes: 2_048,
  /** Bits of a numeral. */
  numeralBits: 256,
  /**
   * Bits that any intermediate value of an intent can ever need, with `let`s written out and
   * nothing made smaller by a quotient or a remainder. Measured: a tower of `v * v % m` of five
   * floors has 2,048 bits so, and of twenty-nine keeps a solver busy without end.
   */
  valueBits: 1_024,
  /** Diagnostics reported for one source; the rest are dropped. */
  diagnostics: 20,
} as const;
