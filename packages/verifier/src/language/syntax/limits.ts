/**
 * Bounds on a source. Walks over a syntax tree are recursive and numbers are unbounded, so these
 * bounds keep a hostile source cheap.
 */
export const LANGUAGE_LIMITS = {
  /** UTF-8 bytes of one source. */
  sourceBytes: 65_536,
  /** Levels of a syntax tree, so that recursive walks cannot exhaust the stack. */
  depth: 100,
  /**
   * Brackets, prefixes and branches that are open at once while parsing; a printed tree needs two a
   * level.
   */
  nesting: 240,
  /** Characters of a name. */
  nameLength: 64,
  /** Intents of one source, batches included. */
  intents: 64,
  /** Constants and assets of one source. */
  constants: 64,
  /** Parameters of one intent. */
  parameters: 16,
  /** Parameters of all members of one batch; a call carries no more arguments. */
  batchParameters: 64,
  /** Statements of one block. */
  statements: 64,
  /** Expression nodes of one intent. */
  nodes: 2_048,
  /** Bits of a numeral. */
  numeralBits: 256,
  /**
   * Bits of any intermediate value of an intent, with `let`s written out and quotients and
   * remainders taken as wide as their dividends. Measured: a tower of `v * v % m` with five floors
   * has 2,048 bits by this count, and one with twenty-nine keeps a solver busy without end.
   */
  valueBits: 1_024,
  /** Diagnostics reported for one source; the rest are dropped. */
  diagnostics: 20,
} as const;
