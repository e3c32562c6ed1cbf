/**
 * Limits of a source. Walks over a syntax tree are recursive and numbers are unbounded, so these
 * limits bound the cost of a hostile source.
 */
export const LANGUAGE_LIMITS = {
  /** Greatest length of one source, in bytes of UTF-8. */
  sourceBytes: 65_536,
  /**
   * Greatest number of levels of an expression's syntax tree. It keeps recursive walks from
   * exhausting the stack.
   */
  depth: 100,
  /**
   * Greatest number of brackets, prefixes and branches that are open at once while parsing. The
   * printed text of a tree needs up to two for each level of the tree.
   */
  nesting: 240,
  /** Greatest length of a name, in characters. */
  nameLength: 64,
  /** Greatest number of intents in one source, including the members of batches. */
  intents: 64,
  /** Greatest number of constants and assets in one source, counted together. */
  constants: 64,
  /** Greatest number of parameters of one intent. */
  parameters: 16,
  /**
   * Greatest number of parameters of all members of one batch together. A call cannot carry more
   * arguments.
   */
  batchParameters: 64,
  /** Greatest number of statements in one block. */
  statements: 64,
  /** Greatest number of expression nodes in one intent. */
  nodes: 2_048,
  /** Greatest width of a numeral, in bits. */
  numeralBits: 256,
  /**
   * Greatest width of any intermediate value of an intent, in bits, with `let`s written out and
   * quotients and remainders taken to be as wide as their wider operand. Measured: a tower of `v *
   * v % m` with five levels has 2,048 bits by this count, and one with twenty-nine keeps a solver
   * busy without end.
   */
  valueBits: 1_024,
  /** Greatest number of members of one contract. */
  members: 128,
  /** Greatest number of fields of one record. */
  fields: 16,
  /** Greatest number of words of one enumeration. */
  words: 64,
  /** Greatest number of scalars and maps of one contract, counted together. */
  entries: 32,
  /**
   * Greatest number of execution units that the call of an exit can take. A transaction may reserve
   * a quarter of a block, which is at least 1,000,000 units on every chain. The rest is for the
   * signatures, bytes and arguments of one call, which take less than 100,000.
   */
  exitUnits: 900_000,
  /** Greatest number of diagnostics that are reported for one source. Further ones are dropped. */
  diagnostics: 20,
} as const;
