import { copyBytes, copyFew } from "../bytes/copy.ts";
import type { Memory } from "../hashing/digest-words.ts";
import { CellAllocator, chunkOf } from "./cell-allocator.ts";

/**
 * Reference to a leaf: a negative number. Its bitwise complement holds the size class in the upper
 * 5 of 31 bits, and the index of the cell in the lower 26.
 */
export type LeafRef = number;

const INDEX_BITS = 26;
const INDEX_MASK = (1 << INDEX_BITS) - 1;

/**
 * Packs the first word of a record: the length of the key minus one in the low 8 bits, and the
 * length of the value in the upper 24.
 */
export const packLengths = (keyLength: number, valueLength: number): number =>
  (valueLength << 8) | (keyLength - 1);
export const keyLengthOf = (lengths: number): number => (lengths & 0xff) + 1;
export const valueLengthOf = (lengths: number): number => lengths >>> 8;

// biome-ignore format: a table
/**
 * Number of words for key and value in a cell, by size class. A longer record has an array of its
 * own.
 */
const CLASS_WORDS: readonly number[] = [
  4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128,
  160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024,
];
const LARGE_CLASS = CLASS_WORDS.length;
/** Greatest number of words of key and value together that fit into a cell. */
export const CELL_WORDS_MAX = 1024;
const classes = new Uint8Array(CELL_WORDS_MAX + 1);
for (const [index, words] of CLASS_WORDS.entries()) {
  classes.fill(index, (CLASS_WORDS[index - 1] ?? -1) + 1, words + 1);
}

/**
 * A key and a value in the form of a cell: a word with both lengths, then the bytes. If they are
 * too long for a cell, `large` holds the bytes.
 */
export interface Record {
  readonly words: Int32Array;
  readonly at: number;
  readonly large: Uint8Array | undefined;
}

/** Keys and values of an arena, in cells of 28 sizes. Longer ones are in arrays of their own. */
export class LeafStore {
  readonly #allocators: (CellAllocator | undefined)[] = [];
  /** Keys and values of the leaves that are too long for a cell, by index. */
  readonly #large = new Map<number, Uint8Array>();

  get live(): number {
    return this.#allocators.reduce((sum, cells) => sum + (cells?.live ?? 0), 0);
  }

  /** Whether `make` can succeed without a new chunk. */
  hasFree(record: Record): boolean {
    return this.#cellsOf(classOf(record)).hasFree;
  }

  /** Makes a leaf with a copy of a record (key and value). The leaf's reference count is 0. */
  make(record: Record): LeafRef {
    const { words: source, at: from, large } = record;
    const index = classOf(record);
    const cells = this.#cellsOf(index);
    const cell = cells.allocate();
    const words = chunkOf(cells.words, cell >>> cells.bits);
    const to = cells.wordOf(cell);
    const count = large === undefined ? 1 + bodyWords(source[from] ?? 0) : 1;
    for (let word = 0; word < count; word++) words[to + word] = source[from + word] ?? 0;
    if (large !== undefined) this.#large.set(cell, large);
    return ~((index << INDEX_BITS) | cell);
  }

  retain(leaf: LeafRef): void {
    this.#cellsOf(~leaf >>> INDEX_BITS).retain(~leaf & INDEX_MASK);
  }

  /** Removes one reference, and frees the leaf if it was the last. */
  release(leaf: LeafRef): void {
    if (this.#cellsOf(~leaf >>> INDEX_BITS).release(~leaf & INDEX_MASK)) this.discard(leaf);
  }

  /** Frees a leaf. Its reference count must be 0. */
  discard(leaf: LeafRef): void {
    const index = ~leaf & INDEX_MASK;
    if (~leaf >>> INDEX_BITS === LARGE_CLASS) this.#large.delete(index);
    this.#cellsOf(~leaf >>> INDEX_BITS).free(index);
  }

  /** Returns the first word of the record, as made by `packLengths`. */
  lengthsOf(leaf: LeafRef): number {
    const cells = this.#cellsOf(~leaf >>> INDEX_BITS);
    const index = ~leaf & INDEX_MASK;
    return chunkOf(cells.words, index >>> cells.bits)[cells.wordOf(index)] ?? 0;
  }

  /** Whether the leaf stands for the deletion of its key: its value has no bytes. */
  isDelete(leaf: LeafRef): boolean {
    return valueLengthOf(this.lengthsOf(leaf)) === 0;
  }

  /**
   * Returns the position of the key, after which the value follows. Callers MUST NOT write to the
   * bytes or keep them.
   */
  bodyOf(leaf: LeafRef): { readonly bytes: Uint8Array; readonly at: number } {
    const code = ~leaf;
    const index = code & INDEX_MASK;
    if (code >>> INDEX_BITS === LARGE_CLASS) {
      const bytes = this.#large.get(index);
      if (bytes === undefined) throw new Error("invariant broken: a long leaf has its bytes");
      return { bytes, at: 0 };
    }
    const cells = this.#cellsOf(code >>> INDEX_BITS);
    const bytes = chunkOf(cells.bytes, index >>> cells.bits);
    return { bytes, at: cells.wordOf(index) * 4 + 4 };
  }

  /** Returns a view of the key, without copying. Only for hashing. */
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

  /** Returns the number of bytes of key and value, without reading them. */
  sizeOf(leaf: LeafRef): number {
    const lengths = this.lengthsOf(leaf);
    return keyLengthOf(lengths) + valueLengthOf(lengths);
  }

  keyOf(leaf: LeafRef): Uint8Array {
    return copyBytes(this.keyView(leaf));
  }

  valueOf(leaf: LeafRef): Uint8Array {
    const lengths = this.lengthsOf(leaf);
    const { bytes, at } = this.bodyOf(leaf);
    const from = at + keyLengthOf(lengths);
    // No caller's Buffer, whose `slice` would be a view.
    return bytes.slice(from, from + valueLengthOf(lengths));
  }

  /**
   * Copies a value to byte `to`. If the length of the value is a multiple of 4, `to` must be a
   * multiple of 4 too.
   */
  readValue(leaf: LeafRef, { words: target, bytes }: Memory, to: number): void {
    const lengths = this.lengthsOf(leaf);
    const [keyLength, valueLength] = [keyLengthOf(lengths), valueLengthOf(lengths)];
    if (~leaf >>> INDEX_BITS === LARGE_CLASS) {
      bytes.set(this.valueView(leaf), to);
      return;
    }
    const cells = this.#cellsOf(~leaf >>> INDEX_BITS);
    const index = ~leaf & INDEX_MASK;
    const at = cells.wordOf(index) + 1;
    if (keyLength % 4 === 0 && valueLength % 4 === 0) {
      const words = chunkOf(cells.words, index >>> cells.bits);
      const from = at + (keyLength >>> 2);
      const count = valueLength >>> 2;
      for (let word = 0; word < count; word++) target[(to >>> 2) + word] = words[from + word] ?? 0;
    } else {
      const source = { bytes: chunkOf(cells.bytes, index >>> cells.bits), at: at * 4 + keyLength };
      copyFew(source, bytes, to, valueLength);
    }
  }

  hasKey(leaf: LeafRef, key: Uint8Array): boolean {
    if (keyLengthOf(this.lengthsOf(leaf)) !== key.length) return false;
    const { bytes, at } = this.bodyOf(leaf);
    for (let byte = 0; byte < key.length; byte++) if (bytes[at + byte] !== key[byte]) return false;
    return true;
  }

  /** Whether the first `length` bytes of key and value are the same in two leaves. */
  haveSame(one: LeafRef, other: LeafRef, length: number): boolean {
    if (~one >>> INDEX_BITS === LARGE_CLASS || ~other >>> INDEX_BITS === LARGE_CLASS) {
      const [left, right] = [this.bodyOf(one), this.bodyOf(other)];
      return haveSameBytes(left, right, 0, length);
    }
    const [cells, otherCells] = [
      this.#cellsOf(~one >>> INDEX_BITS),
      this.#cellsOf(~other >>> INDEX_BITS),
    ];
    const [index, otherIndex] = [~one & INDEX_MASK, ~other & INDEX_MASK];
    const words = chunkOf(cells.words, index >>> cells.bits);
    const others = chunkOf(otherCells.words, otherIndex >>> otherCells.bits);
    const [at, otherAt] = [cells.wordOf(index) + 1, otherCells.wordOf(otherIndex) + 1];
    const whole = length >>> 2;
    for (let word = 0; word < whole; word++) {
      if (words[at + word] !== others[otherAt + word]) return false;
    }
    if (length % 4 === 0) return true;
    return haveSameBytes(this.bodyOf(one), this.bodyOf(other), whole * 4, length);
  }

  #cellsOf(index: number): CellAllocator {
    const known = this.#allocators[index];
    if (known !== undefined) return known;
    const cellWords = 1 + (CLASS_WORDS[index] ?? 0);
    const cells = new CellAllocator({ cellWords, indexMax: INDEX_MASK - 0xffff });
    // Filled in order: a hole in the array would slow down every access in V8.
    for (let at = this.#allocators.length; at < index; at++) this.#allocators[at] = undefined;
    this.#allocators[index] = cells;
    return cells;
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

/** Returns the number of words that key and value take. */
const bodyWords = (lengths: number): number =>
  (keyLengthOf(lengths) + valueLengthOf(lengths) + 3) >>> 2;

function classOf({ words, at, large }: Record): number {
  return large === undefined ? (classes[bodyWords(words[at] ?? 0)] ?? LARGE_CLASS) : LARGE_CLASS;
}

/** Returns a view of key and value of a record. */
export function bodyView({ words, at, large }: Record): Uint8Array {
  return large ?? new Uint8Array(words.buffer, (at + 1) * 4);
}
