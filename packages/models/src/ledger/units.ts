/**
 * The table of execution units: the price of every operation that makes a validator spend time on a
 * block, judging apart. Units are counted from the operation, never from time, and so are the same
 * on every machine.
 *
 * A unit stands for 25 to 100 nanoseconds of one core: each entry was measured from cold caches,
 * and `npm run bench -- costs` measures it again and prints time / unit of each operation. The
 * times beside the entries are of an Intel Xeon, Node 24, a state of a million accounts. An entry
 * that changes changes what blocks are valid: a chain keeps the table that it began with.
 */
export const UNITS = {
  /** One node of an expression evaluated, its lookup of a name included: 40 ns. */
  node: 1,
  /** First read of a balance, stake, holding or supply, down a tree in no cache: 3 us. */
  read: 40,
  /** A value changed: coded, sorted, put into the tree, hashed, checked for conservation: 10 us. */
  write: 110,
  /** A store of stake beside its own write: records, key, queues and what unbonds, seven keys. */
  stake: 770,
  /** An action of a validator, such as `rotate_key`: five keys written. */
  action: 550,
  /** A store of a program on what it has read; the state is touched by `write`, once: 0.2 us. */
  store: 4,
  /** A proof in a block whatever it is: result, receipt, fee, place in two list roots: 10 us. */
  proof: 150,
  /** An invoke: the program found, arguments fitted, a run started and checked again: 10 us. */
  invoke: 150,
  /** An argument of an invoke: named, checked, its account read ahead: 3 us. */
  argument: 35,
  /** A step of a batch: an interpreter set up, its writes merged: 3 us. */
  step: 30,
  /** An Ed25519 signature, with the parsing of its key: 150 us. */
  signature: 1_900,
  /** A key that has never signed: the check that it lies in the prime-order subgroup: 1,400 us. */
  newKey: 16_000,
  /** 16 bytes of a proof: decoded, encoded again, hashed three times: 50 ns. */
  proofBytes16: 1,
  /** A byte of source: read, parsed, typed, printed: 900 ns where each byte is a term. */
  sourceByte: 9,
  /** A byte of canonical text compiled from the state, and its record read: 900 ns likewise. */
  programByte: 9,
  /** 16 bytes of a certificate: decoded, split, encoded, stored, hashed: 0.8 us. */
  certificateBytes16: 12,
  /** 64 bytes more in the state under a key: copied, hashed, put into the tree: 90 ns. */
  storedBytes64: 2,
  /** A key that comes new into the state, beside its bytes: 12 us. */
  newKeyInState: 40,
  /** A piece of evidence, its two signatures and the records of the accused apart: 30 us. */
  evidence: 400,
  /**
   * The obligations of the intent that evidence is about, derived and one of them run: 3 ms warm, 7
   * ms cold.
   */
  obligations: 70_000,
} as const;

/**
 * Values up to this many bits take one word; the width of wider ones is counted in words of 64
 * bits.
 */
const WORD_BITS = 64n;
const WORD = 1n << WORD_BITS;
/** By number of words: the first magnitude that needs more. Values of programs have 1,024 bits. */
const ENDS: readonly bigint[] = Array.from(
  { length: 33 },
  (_, words) => 1n << (WORD_BITS * BigInt(words)),
);

/** Words of 64 bits of a number's magnitude, at least 1. */
export function wordsOf(value: bigint): number {
  if (value < WORD && value > -WORD) return 1;
  const magnitude = value < 0n ? -value : value;
  let words = 2;
  while (words < ENDS.length - 1 && magnitude >= (ENDS[words] ?? 0n)) words += 1;
  return words;
}

/** Units of a sum or a difference beside its node: 25 ns, and 1 ns for each word. */
export function additionUnits(left: bigint, right: bigint): number {
  return Math.max(wordsOf(left), wordsOf(right)) >> 3;
}

/** Units of a product beside its node: 2 ns for each pair of words. */
export function multiplicationUnits(left: bigint, right: bigint): number {
  return (wordsOf(left) * wordsOf(right)) >> 5;
}

/**
 * Units of a quotient or a remainder beside its node: Euclidean division by one word takes 35 to
 * 250 ns, by several 120 to 300 ns and 6 ns for each pair of a word of the quotient and one of the
 * divisor.
 */
export function divisionUnits(dividend: bigint, divisor: bigint): number {
  const [long, short] = [wordsOf(dividend), wordsOf(divisor)];
  if (short === 1) return long === 1 ? 0 : 1 + (long >> 3);
  if (long < short) return 1;
  return 3 + (((long - short + 1) * short) >> 4);
}
