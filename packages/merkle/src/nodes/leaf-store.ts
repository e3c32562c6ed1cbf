import { copyBytes, copyFew } from "../bytes/copy.ts";
import type { Memory } from "../hashing/digest-words.ts";
import { chunkOf, Pool } from "./pool.ts";

/**
 * Names a leaf: a negative number. The complement has the size class in the upper 5 of 31 bits,
 * and the index of the cell in the others.
 */
export type LeafRef = number;

const INDEX_BITS = 26;
const INDEX_MASK = (1 << INDEX_BITS) - 1;

/** First word of a leaf and of an edit: key length minus one in 8 bits, value length in 24. */
export const packLengths = (keyLength: number, valueLength: number): number =>
  (valueLength << 8) | (keyLength - 1);
export const keyLengthOf = (lengths: number): number => (lengths & 0xff) + 1;
export const valueLengthOf = (lengths: number): number => lengths >>> 8;

// biome-ignore format: a table
/** Words of key and value together, in cells of each class; what is longer is an array of its own. */
const CLASS_WORDS: readonly number[] = [
  4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128,
  160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024,
];
const LARGE_CLASS = CLASS_WORDS.length;
/** Longest key and value, in words, that have a place in a cell. */
export const CELL_WORDS_MAX = 1024;
const classes = new Uint8Array(CELL_WORDS_MAX + 1);
for (const [index, words] of CLASS_WORDS.entries()) {
  classes.fill(index, (CLASS_WORDS[index - 1] ?? -1) + 1, words + 1);
}

/** Lengths, then key and value: words as in a cell, or bytes of what is too long for one. */
export interface Record {
  readonly words: Int32Array;
  readonly at: number;
  readonly large: Uint8Array | undefined;
}

/** The keys and values of an arena, in cells of some thirty sizes. */
export class LeafStore {
  readonly #pools: (Pool | undefined)[] = [];
  /** Key and value of the leaves of the last class, by index. */
  readonly #large = new Map<number, Uint8Array>();

  get live(): number {
    return this.#pools.reduce((sum, pool) => sum + (pool?.live ?? 0), 0);
  }

  /** Whether a leaf like that needs no more memory. */
  hasFree(record: Record): boolean {
    return this.#poolOf(classOf(record)).hasFree;
  }

  /** A new leaf with a copy of the record; nothing refers to it yet. */
  make(record: Record): LeafRef {
    const { words: source, at: from, large } = record;
    const index = classOf(record);
    const pool = this.#poolOf(index);
    const cell = pool.allocate();
    const words = chunkOf(pool.words, cell >>> pool.bits);
    const to = pool.wordOf(cell);
    const count = large === undefined ? 1 + bodyWords(source[from] ?? 0) : 1;
    for (let word = 0; word < count; word++) words[to + word] = source[from + word] ?? 0;
    if (large !== undefined) this.#large.set(cell, large);
    return ~((index << INDEX_BITS) | cell);
  }

  retain(leaf: LeafRef): void {
    this.#poolOf(~leaf >>> INDEX_BITS).retain(~leaf & INDEX_MASK);
  }

  /** Gives the leaf back if nothing else refers to it. */
  release(leaf: LeafRef): void {
    if (this.#poolOf(~leaf >>> INDEX_BITS).release(~leaf & INDEX_MASK)) this.discard(leaf);
  }

  /** Gives a leaf back to which nothing refers. */
  discard(leaf: LeafRef): void {
    const index = ~leaf & INDEX_MASK;
    if (~leaf >>> INDEX_BITS === LARGE_CLASS) this.#large.delete(index);
    this.#poolOf(~leaf >>> INDEX_BITS).free(index);
  }

  /** The word that `packLengths` made. */
  lengthsOf(leaf: LeafRef): number {
    const pool = this.#poolOf(~leaf >>> INDEX_BITS);
    const index = ~leaf & INDEX_MASK;
    return chunkOf(pool.words, index >>> pool.bits)[pool.wordOf(index)] ?? 0;
  }

  /** Whether it is the edit that deletes its key: no value has no bytes. */
  isDelete(leaf: LeafRef): boolean {
    return valueLengthOf(this.lengthsOf(leaf)) === 0;
  }

  /** Where the key, and right after it the value, are. Not to be written to, nor to be kept. */
  bodyOf(leaf: LeafRef): { readonly bytes: Uint8Array; readonly at: number } {
    const code = ~leaf;
    const index = code & INDEX_MASK;
    if (code >>> INDEX_BITS === LARGE_CLASS) {
      const bytes = this.#large.get(index);
      if (bytes === undefined) throw new Error("invariant broken: a long leaf has its bytes");
      return { bytes, at: 0 };
    }
    const pool = this.#poolOf(code >>> INDEX_BITS);
    const bytes = chunkOf(pool.bytes, index >>> pool.bits);
    return { bytes, at: pool.wordOf(index) * 4 + 4 };
  }

  /** Key or value where they are: to hash them, and for nothing else. */
  keyView(leaf: LeafRef): Uint8Array {
    const { bytes, at } = this.bodyOf(leaf);
    return bytes.subarray(at, at + keyLengthOf(this.lengthsOf(leaf)));
  }

  valueView(leaf: LeafRef): Uint8Array {
    const lengths = this.lengthsOf(leaf);
    const { bytes, at } = this.bodyOf(leaf);
    const from = at + keyLengthOf(lengths);
    return bytes.subarray(from, from + valueLengthOf(lengths));
  }

  keyOf(leaf: LeafRef): Uint8Array {
    return copyBytes(this.keyView(leaf));
  }

  valueOf(leaf: LeafRef): Uint8Array {
    const lengths = this.lengthsOf(leaf);
    const { bytes, at } = this.bodyOf(leaf);
    const from = at + keyLengthOf(lengths);
    // These bytes are our own, hence no Buffer, whose `slice` would be a view.
    return bytes.slice(from, from + valueLengthOf(lengths));
  }

  /** Copies a value to byte `to` of a memory: a multiple of 4 if the value's length is one. */
  readValue(leaf: LeafRef, { words: target, bytes }: Memory, to: number): void {
    const lengths = this.lengthsOf(leaf);
    const [keyLength, valueLength] = [keyLengthOf(lengths), valueLengthOf(lengths)];
    if (~leaf >>> INDEX_BITS === LARGE_CLASS) {
      bytes.set(this.valueView(leaf), to);
      return;
    }
    const pool = this.#poolOf(~leaf >>> INDEX_BITS);
    const index = ~leaf & INDEX_MASK;
    const at = pool.wordOf(index) + 1;
    if (keyLength % 4 === 0 && valueLength % 4 === 0) {
      const words = chunkOf(pool.words, index >>> pool.bits);
      const from = at + (keyLength >>> 2);
      const count = valueLength >>> 2;
      for (let word = 0; word < count; word++) target[(to >>> 2) + word] = words[from + word] ?? 0;
    } else {
      const source = { bytes: chunkOf(pool.bytes, index >>> pool.bits), at: at * 4 + keyLength };
      copyFew(source, bytes, to, valueLength);
    }
  }

  hasKey(leaf: LeafRef, key: Uint8Array): boolean {
    if (keyLengthOf(this.lengthsOf(leaf)) !== key.length) return false;
    const { bytes, at } = this.bodyOf(leaf);
    for (let byte = 0; byte < key.length; byte++) if (bytes[at + byte] !== key[byte]) return false;
    return true;
  }

  /** Whether two leaves have the same first bytes, from those of the key on. */
  haveSame(one: LeafRef, other: LeafRef, length: number): boolean {
    if (~one >>> INDEX_BITS === LARGE_CLASS || ~other >>> INDEX_BITS === LARGE_CLASS) {
      const [left, right] = [this.bodyOf(one), this.bodyOf(other)];
      return haveSameBytes(left, right, 0, length);
    }
    const [pool, otherPool] = [
      this.#poolOf(~one >>> INDEX_BITS),
      this.#poolOf(~other >>> INDEX_BITS),
    ];
    const [index, otherIndex] = [~one & INDEX_MASK, ~other & INDEX_MASK];
    const words = chunkOf(pool.words, index >>> pool.bits);
    const others = chunkOf(otherPool.words, otherIndex >>> otherPool.bits);
    const [at, otherAt] = [pool.wordOf(index) + 1, otherPool.wordOf(otherIndex) + 1];
    const whole = length >>> 2;
    for (let word = 0; word < whole; word++) {
      if (words[at + word] !== others[otherAt + word]) return false;
    }
    if (length % 4 === 0) return true;
    return haveSameBytes(this.bodyOf(one), this.bodyOf(other), whole * 4, length);
  }

  #poolOf(index: number): Pool {
    const known = this.#pools[index];
    if (known !== undefined) return known;
    const cellWords = 1 + (CLASS_WORDS[index] ?? 0);
    const pool = new Pool({ cellWords, indexMax: INDEX_MASK - 0xffff });
    // Filled in order, so that V8 keeps a plain array: a hole would make every access slower.
    for (let at = this.#pools.length; at < index; at++) this.#pools[at] = undefined;
    this.#pools[index] = pool;
    return pool;
  }
}

interface Bytes {
  readonly bytes: Uint8Array;
  readonly at: number;
}

function haveSameBytes(one: Bytes, other: Bytes, from: number, to: number): boolean {
  for (let byte = from; byte < to; byte++) {
    if (one.bytes[one.at + byte] !== other.bytes[other.at + byte]) return false;
  }
  return true;
}

/** Words of key and value. */
const bodyWords = (lengths: number): number =>
  (keyLengthOf(lengths) + valueLengthOf(lengths) + 3) >>> 2;

function classOf({ words, at, large }: Record): number {
  return large === undefined ? (classes[bodyWords(words[at] ?? 0)] ?? LARGE_CLASS) : LARGE_CLASS;
}

/** Key and value of a record. */
export function bodyView({ words, at, large }: Record): Uint8Array {
  return large ?? new Uint8Array(words.buffer, (at + 1) * 4);
}
