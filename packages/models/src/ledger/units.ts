/**
 * Table of execution units: the price of each operation on which a validator spends time in a
 * block, apart from judging. Units are counted by operations, never by time, so they are the same
 * on every machine.
 *
 * A unit stands for 25 to 100 nanoseconds on one core. Each entry was measured with cold caches;
 * `npm run bench -- costs` measures again and prints time / unit of each operation. The times in
 * the comments are of an Intel Xeon with Node 24 and a state of a million accounts. Changing an
 * entry changes which blocks are valid, so a chain keeps the table that it began with.
 */
export const UNITS = {
  /**
   * Units for evaluating one node of an expression, with the lookup of a name if it has one: 40 ns.
   */
  node: 1,
  /**
   * Units for the first read of a balance, stake, holding or supply, when no part of the tree is in
   * a cache: 3 us.
   */
  read: 40,
  /**
   * Units for changing a value: encoding, sorting, putting it into the tree, hashing, checking
   * conservation: 10 us.
   */
  write: 110,
  /**
   * Units for the first change of an account's stake, in addition to `write`: seven keys for
   * records, queues and unbonding stake.
   */
  stake: 770,
  /** Units for an action of a validator, such as `rotate_key`: it writes five keys. */
  action: 550,
  /**
   * Units for an assignment of a program to a value that it has read: 0.2 us. `write` is added for
   * the first assignment to each value.
   */
  store: 4,
  /**
   * Units for a proof in a block, of any kind: its result, receipt and fee, and its place in two
   * list roots: 10 us.
   */
  proof: 150,
  /**
   * Units for each call of an invoke: finding the program, checking the arguments, starting a run
   * and checking its end: 10 us.
   */
  invoke: 150,
  /**
   * Units for an argument of an invoke: naming and checking it, and reading its account ahead: 3
   * us.
   */
  argument: 35,
  /**
   * Units for each step of a batch after the first: setting up an interpreter and merging its
   * writes: 3 us.
   */
  step: 30,
  /** Units for verifying an Ed25519 signature, with parsing its key: 150 us. */
  signature: 1_900,
  /**
   * Units for a key that has never signed before: checking that it is in the prime-order subgroup:
   * 1,400 us.
   */
  newKey: 16_000,
  /** Units for 16 bytes of a proof: decoding, encoding again, hashing three times: 50 ns. */
  proofBytes16: 1,
  /**
   * Units for a byte of source: reading, parsing, typing, printing: 900 ns if each byte is a term.
   */
  sourceByte: 9,
  /**
   * Units for a byte of canonical text from the state: reading its record and compiling it: 900 ns
   * if each byte is a term.
   */
  programByte: 9,
  /**
   * Units for 16 bytes of a certificate: decoding, splitting, encoding, storing, hashing: 0.8 us.
   */
  certificateBytes16: 12,
  /**
   * Units for each 64 bytes in the state under a key: copying, hashing, putting them into the tree:
   * 90 ns.
   */
  storedBytes64: 2,
  /**
   * Units for each 64 bytes, after the first, of a value that a contract reads, and again when it
   * first stores it: decoding, checking, encoding, hashing: 1.5 us.
   */
  valueBytes64: 20,
  /**
   * Units for a hash that a contract computes, and for each 64 bytes of what is hashed: 1.5 us for
   * up to 64 bytes, 9 us for a record of 512.
   */
  hash64: 16,
  /**
   * Units for a byte of an event. The price is not one of time: every node keeps the events of a
   * block in its receipts, and this bounds their bytes by the block's units.
   */
  eventByte: 1,
  /** Units for a new key in the state, in addition to its bytes: 12 us. */
  newKeyInState: 40,
  /** Units for a piece of evidence, apart from its two signatures: 30 us. */
  evidence: 400,
  /**
   * Units for deriving the obligations of the intent that evidence is about, and running one of
   * them: 3 ms with warm caches, 7 ms with cold ones.
   */
  obligations: 70_000,
} as const;

/**
 * Bits of a word. Values of up to this many bits take one word; wider ones are counted in words.
 */
const WORD_BITS = 64n;
const WORD = 1n << WORD_BITS;
/**
 * Smallest magnitude that does not fit into `n` words, at index `n`. Values of programs have at
 * most 1,024 bits.
 */
const ENDS: readonly bigint[] = Array.from(
  { length: 33 },
  (_, words) => 1n << (WORD_BITS * BigInt(words)),
);

/** Returns the number of 64-bit words of a value's magnitude, at least 1. */
export function wordsOf(value: bigint): number {
  if (value < WORD && value > -WORD) return 1;
  const magnitude = value < 0n ? -value : value;
  let words = 2;
  while (words < ENDS.length - 1 && magnitude >= (ENDS[words] ?? 0n)) words += 1;
  return words;
}

/**
 * Returns the units of a sum or a difference, in addition to `UNITS.node`: 25 ns, and 1 ns for each
 * word.
 */
export function additionUnits(left: bigint, right: bigint): number {
  return Math.max(wordsOf(left), wordsOf(right)) >> 3;
}

/** Returns the units of a product, in addition to `UNITS.node`: 2 ns for each pair of words. */
export function multiplicationUnits(left: bigint, right: bigint): number {
  return (wordsOf(left) * wordsOf(right)) >> 5;
}

/**
 * Returns the units of a quotient or a remainder, in addition to `UNITS.node`. Euclidean division
 * by one word takes 35 to 250 ns. Division by several words takes 120 to 300 ns, and 6 ns for each
 * pair of a word of the quotient and a word of the divisor.
 */
export function divisionUnits(dividend: bigint, divisor: bigint): number {
  const [long, short] = [wordsOf(dividend), wordsOf(divisor)];
  if (short === 1) return long === 1 ? 0 : 1 + (long >> 3);
  if (long < short) return 1;
  return 3 + (((long - short + 1) * short) >> 4);
}
