/**
 * Builds a WebAssembly module that hashes four messages of one length at a time. Each lane of a
 * 128-bit vector holds the same word of one message. The module is assembled from instructions
 * here, so the repository needs no binary and no build step.
 */

import {
  type Code,
  encodeModule,
  list,
  name,
  constant as number,
  sized,
  unsigned,
} from "@aethel/models/web-assembly";

/** Round constants, FIPS 180-4 §4.2.2. */
// biome-ignore format: a table
const K: readonly number[] = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/** Initial hash value, FIPS 180-4 §5.3.3. */
// biome-ignore format: a table
const INITIAL: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** Size of the memory, in pages of 64 KiB. */
const PAGES = 4;
/** Address of the masks, after the constants: 64 bytes of ones, then 64 of zeros. */
const MASKS = 256;
/**
 * Address of the end marks: 64 zeros, which are the second half of the masks, then 0x80 and 63
 * zeros.
 */
const MARKS = MASKS + 64;
/** Number of bytes at the start of the memory that hold the module's own tables. */
export const RESERVED_BYTES = MARKS + 128;

// Locals: the four parameters, three more numbers, then vectors.
const MESSAGES = 0;
const COUNT = 1;
const LENGTH = 2;
const DIGESTS = 3;
const AT = 4;
const LEFT = 5;
const ROUND = 6;
const W = 7;
const VARIABLES = W + 16;
const STATE = VARIABLES + 8;
const TEMPORARY = STATE + 8;
const VECTORS = TEMPORARY + 4 - W;

// Blocks without a result.
const BLOCK: Code = [0x02, 0x40];
const LOOP: Code = [0x03, 0x40];
const IF: Code = [0x04, 0x40];
const ELSE = 0x05;
const END = 0x0b;

const get = (local: number): Code => [0x20, unsigned(local)];
const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
const tee = (local: number, value: Code): Code => [value, 0x22, unsigned(local)];
const addNumbers = (left: Code, right: Code): Code => [left, right, 0x6a];
const isBelow = (left: Code, right: Code): Code => [left, right, 0x49];
const subtract = (left: Code, right: Code): Code => [left, right, 0x6b];
const isPositive = (value: Code): Code => [value, number(0), 0x4a];
const isZero = (value: Code): Code => [value, 0x45];
const shiftNumber = (value: Code, by: number): Code => [value, number(by), 0x74];
const isLess = (left: Code, right: Code): Code => [left, right, 0x48];
const branch = (levels: number): Code => [0x0c, levels];
const branchIf = (levels: number, condition: Code): Code => [condition, 0x0d, levels];
const isAtLeast = (left: Code, right: Code): Code => [left, right, 0x4e];

const vector = (opcode: number): Code => [0xfd, unsigned(opcode)];
const xor = (left: Code, right: Code): Code => [left, right, vector(0x51)];
const and = (left: Code, right: Code): Code => [left, right, vector(0x4e)];
const or = (left: Code, right: Code): Code => [left, right, vector(0x50)];
const add = (...[first, ...rest]: readonly [Code, ...Code[]]): Code =>
  rest.reduce((sum, term) => [sum, term, vector(0xae)], first);
const shiftLeft = (value: Code, by: number): Code => [value, number(by), vector(0xab)];
const shiftRight = (value: Code, by: number): Code => [value, number(by), vector(0xad)];
const rotate = (local: number, by: number): Code =>
  or(shiftRight(get(local), by), shiftLeft(get(local), 32 - by));
/** Copies a 32-bit number into all four lanes. */
const splat = (value: Code): Code => [value, vector(0x11)];
const load = (address: Code, offset: number): Code => [address, vector(0x00), 0, unsigned(offset)];
const loadSplat = (address: Code, offset: number): Code => [
  address,
  vector(0x09),
  2,
  unsigned(offset),
];
const store = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  vector(0x0b),
  0,
  unsigned(offset),
];
/**
 * Selects four of the eight words of two vectors. Words 0 .. 3 are those of `left`, 4 .. 7 those of
 * `right`.
 */
const pick = (left: Code, right: Code, words: readonly number[]): Code => [
  left,
  right,
  vector(0x0d),
  words.flatMap((word) => [word * 4, word * 4 + 1, word * 4 + 2, word * 4 + 3]),
];
/** Swaps the bytes of each word: SHA-256 is big-endian, WebAssembly little-endian. */
const swapBytes = (local: number): Code => [
  get(local),
  get(local),
  vector(0x0d),
  3,
  2,
  1,
  0,
  7,
  6,
  5,
  4,
  11,
  10,
  9,
  8,
  15,
  14,
  13,
  12,
];

/** Transposes four vectors in consecutive locals, and swaps the bytes of every word. */
function transpose(first: number): Code {
  const [a, b, c, d] = [first, first + 1, first + 2, first + 3];
  const [t0, t1, t2, t3] = [TEMPORARY, TEMPORARY + 1, TEMPORARY + 2, TEMPORARY + 3];
  return [
    set(t0, pick(get(a), get(b), [0, 4, 1, 5])),
    set(t1, pick(get(c), get(d), [0, 4, 1, 5])),
    set(t2, pick(get(a), get(b), [2, 6, 3, 7])),
    set(t3, pick(get(c), get(d), [2, 6, 3, 7])),
    set(a, pick(get(t0), get(t1), [0, 1, 4, 5])),
    set(b, pick(get(t0), get(t1), [2, 3, 6, 7])),
    set(c, pick(get(t2), get(t3), [0, 1, 4, 5])),
    set(d, pick(get(t2), get(t3), [2, 3, 6, 7])),
    [a, b, c, d].flatMap((local) => set(local, swapBytes(local))),
  ];
}

/**
 * Address of the current block of one of the four messages. The messages follow one another in
 * memory.
 */
const lane = (index: number): Code =>
  index === 0 ? get(AT) : addNumbers(lane(index - 1), get(LENGTH));

/** Loads 16 bytes of each of the four messages into four words of the message schedule. */
const loadQuarter = (quarter: number): Code => {
  const first = W + quarter * 4;
  const rows = [0, 1, 2, 3].flatMap((row) => set(first + row, load(lane(row), quarter * 16)));
  return [rows, transpose(first)];
};

/**
 * Loads 16 bytes at the end of each message. Bytes after the end become 0, except that the first of
 * them becomes 0x80. For that, the tables of masks and marks are read at `64 - LEFT`, where `LEFT`
 * is the number of bytes left, so that the middle of each table falls on the end of the message.
 */
const loadLastQuarter = (quarter: number): Code => {
  const first = W + quarter * 4;
  const [mask, mark] = [TEMPORARY, TEMPORARY + 1];
  const from = subtract(number(64), get(LEFT));
  const rows = [0, 1, 2, 3].flatMap((row) =>
    set(first + row, or(and(load(lane(row), quarter * 16), get(mask)), get(mark))),
  );
  return [
    set(mask, load(from, MASKS + quarter * 16)),
    set(mark, load(from, MARKS + quarter * 16)),
    rows,
    transpose(first),
  ];
};

const zeroWords = (from: number, to: number): Code =>
  Array.from({ length: to - from }, (_, at) => set(W + from + at, splat(number(0)))).flat();

const setLength: Code = set(W + 15, splat(shiftNumber(get(LENGTH), 3)));

/**
 * Loads the next block of each message. There are three cases: a whole block of the message; its
 * last bytes with padding, and with the length if that fits; or a block of padding and length
 * alone, which begins with 0x80 if the message ended with the block before.
 */
const loadBlock: Code = [
  isAtLeast(get(LEFT), number(64)),
  IF,
  [0, 1, 2, 3].flatMap(loadQuarter),
  ELSE,
  isPositive(get(LEFT)),
  IF,
  [0, 1, 2, 3].flatMap(loadLastQuarter),
  isLess(get(LEFT), number(56)),
  IF,
  setLength,
  END,
  ELSE,
  set(W, splat(shiftNumber(isZero(get(LEFT)), 31))),
  zeroWords(1, 15),
  setLength,
  END,
  END,
];

const sigma = (local: number, [one, two, three]: readonly [number, number, number]): Code =>
  xor(xor(rotate(local, one), rotate(local, two)), rotate(local, three));

const smallSigma = (local: number, [one, two, by]: readonly [number, number, number]): Code =>
  xor(xor(rotate(local, one), rotate(local, two)), shiftRight(get(local), by));

/** Extends the message schedule by one word, FIPS 180-4 §6.2.2 step 1. */
const extend = (at: number): Code =>
  set(
    W + at,
    add(
      get(W + at),
      smallSigma(W + ((at + 1) & 15), [7, 18, 3]),
      get(W + ((at + 9) & 15)),
      smallSigma(W + ((at + 14) & 15), [17, 19, 10]),
    ),
  );

/**
 * Instructions of one round, FIPS 180-4 §6.2.2 step 3. Instead of moving the values of the
 * variables, each round gives the variables other names.
 */
function round(at: number): Code {
  const variable = (index: number): number => VARIABLES + ((index - at + 16) & 7);
  const [a, b, c, d] = [variable(0), variable(1), variable(2), variable(3)];
  const [e, f, g, h] = [variable(4), variable(5), variable(6), variable(7)];
  const choice = xor(get(g), and(get(e), xor(get(f), get(g))));
  const majority = xor(get(b), and(xor(get(a), get(b)), xor(get(b), get(c))));
  const sum = add(
    get(h),
    sigma(e, [6, 11, 25]),
    choice,
    loadSplat(get(ROUND), at * 4),
    get(W + at),
  );
  return [
    set(TEMPORARY, sum),
    set(d, add(get(d), get(TEMPORARY))),
    set(h, add(get(TEMPORARY), sigma(a, [2, 13, 22]), majority)),
  ];
}

const sixteen: readonly number[] = Array.from({ length: 16 }, (_, at) => at);
const eight: readonly number[] = sixteen.slice(0, 8);

const compress: Code = [
  eight.flatMap((at) => set(VARIABLES + at, get(STATE + at))),
  set(ROUND, number(0)),
  sixteen.flatMap(round),
  LOOP,
  set(ROUND, addNumbers(get(ROUND), number(64))),
  sixteen.flatMap((at) => [extend(at), round(at)]),
  branchIf(0, isBelow(get(ROUND), number(192))),
  END,
  eight.flatMap((at) => set(STATE + at, add(get(STATE + at), get(VARIABLES + at)))),
];

/** Declaration of the locals after the parameters: three numbers, then the vectors. */
const LOCALS: Code = list([
  [3, 0x7f],
  [unsigned(VECTORS), 0x7b],
]);

/** Body of `digest(messages, count, length, digests)`. It hashes four messages at a time. */
const body: Code = [
  LOCALS,
  LOOP,
  set(AT, get(MESSAGES)),
  set(LEFT, get(LENGTH)),
  eight.flatMap((at) => set(STATE + at, splat(number((INITIAL[at] ?? 0) | 0)))),
  BLOCK,
  LOOP,
  loadBlock,
  compress,
  branchIf(1, isLess(get(LEFT), number(56))),
  set(AT, addNumbers(get(AT), number(64))),
  set(LEFT, addNumbers(get(LEFT), number(-64))),
  branch(0),
  END,
  END,
  transpose(STATE),
  transpose(STATE + 4),
  eight.flatMap((at) => store(get(DIGESTS), (at & 3) * 32 + (at >>> 2) * 16, get(STATE + at))),
  set(MESSAGES, addNumbers(get(MESSAGES), shiftNumber(get(LENGTH), 2))),
  set(DIGESTS, addNumbers(get(DIGESTS), number(128))),
  branchIf(0, isPositive(tee(COUNT, addNumbers(get(COUNT), number(-4))))),
  END,
  END,
];

const filled = (length: number, byte: number): readonly number[] =>
  Array.from({ length }, () => byte);

/** Bytes of the module, which exports `memory` and `digest`. */
export function simdModule(): Uint8Array<ArrayBuffer> {
  const constants = K.flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff));
  const masks = [...filled(64, 0xff), ...filled(64, 0), 0x80, ...filled(63, 0)];
  return encodeModule([
    { id: 1, content: list([[0x60, list([0x7f, 0x7f, 0x7f, 0x7f]), list([])]]) },
    { id: 3, content: list([0]) },
    { id: 5, content: list([[1, PAGES, PAGES]]) },
    {
      id: 7,
      content: list([
        [name("memory"), 2, 0],
        [name("digest"), 0, 0],
      ]),
    },
    { id: 10, content: list([sized(body)]) },
    { id: 11, content: list([[0, number(0), END, list([...constants, ...masks])]]) },
  ]);
}
