import { EMPTY_DIGEST } from "./node.ts";
import { chunkOf, HASHED, Pool } from "./pool.ts";

/**
 * Names a node of one arena: 0 is empty, a positive one an inner node, a negative one a leaf (its
 * complement has the size class in the upper 5 bits of 31, and the index in the others).
 */
export type Ref = number;

/** The empty subtree. */
export const EMPTY: Ref = 0;

const INDEX_BITS = 26;
const INDEX_MASK = (1 << INDEX_BITS) - 1;

// An inner node: digest, left, right.
const LEFT = 8;
const RIGHT = 9;
const INNER_WORDS = 10;

// A leaf: its digest, or its path as long as it is not hashed; lengths; key and value, then zeros.
const LENGTHS = 8;
export const LEAF_HEAD_WORDS = 9;

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

/** Key length minus one in 8 bits, value length in 24: the word that a leaf and an edit have. */
export const packLengths = (keyLength: number, valueLength: number): number =>
  (valueLength << 8) | (keyLength - 1);
export const keyLengthOf = (lengths: number): number => (lengths & 0xff) + 1;
export const valueLengthOf = (lengths: number): number => lengths >>> 8;

/** What a new leaf is made of: words as in a cell, and what is too long for one. */
export interface LeafSource {
  readonly words: Int32Array;
  readonly at: number;
  readonly large: Uint8Array | undefined;
}

/**
 * The nodes of all versions that came from one. Versions share nodes, so each node counts what
 * refers to it; what nothing refers to is given back, and its place is used again. A version that
 * is in use refers to its root, hence keeps all that can be reached from it: as long as callers
 * hold on to that, a reference never leads to a place that was given back.
 */
export class Arena {
  readonly inner: Pool = new Pool({ cellWords: INNER_WORDS, indexMax: 0x7fff_0000 });
  readonly #leaves: (Pool | undefined)[] = [];
  /** Key and value of the leaves of the last class, by index. */
  readonly #large = new Map<number, Uint8Array>();
  /** References that are to be released: work that is done bit by bit. */
  readonly #dropped: Ref[] = [];

  constructor() {
    // The first cell stands for the empty subtree, so that its digest is read like any other.
    const words = new Int32Array(copyOf(EMPTY_DIGEST).buffer);
    this.inner.allocate();
    chunkOf(this.inner.words, 0).set(words);
    chunkOf(this.inner.marks, 0)[0] = HASHED | 1;
  }

  /** Nodes in use, the dropped ones that were not given back yet included. */
  get live(): { readonly inner: number; readonly leaves: number } {
    const leaves = this.#leaves.reduce((sum, pool) => sum + (pool?.live ?? 0), 0);
    return { inner: this.inner.live - 1, leaves };
  }

  leafPool(ref: Ref): Pool {
    return this.#poolOf(~ref >>> INDEX_BITS);
  }

  leftOf(ref: Ref): Ref {
    const { inner } = this;
    return chunkOf(inner.words, ref >>> inner.bits)[inner.wordOf(ref) + LEFT] ?? EMPTY;
  }

  rightOf(ref: Ref): Ref {
    const { inner } = this;
    return chunkOf(inner.words, ref >>> inner.bits)[inner.wordOf(ref) + RIGHT] ?? EMPTY;
  }

  /** A new inner node, which refers to its children; nothing refers to it yet. */
  makeInner(left: Ref, right: Ref): Ref {
    const { inner } = this;
    if (this.#dropped.length > 0 && !inner.hasFree) this.giveBack(1000);
    const ref = inner.allocate();
    const words = chunkOf(inner.words, ref >>> inner.bits);
    const at = inner.wordOf(ref);
    words[at + LEFT] = left;
    words[at + RIGHT] = right;
    this.retain(left);
    this.retain(right);
    return ref;
  }

  /** A new leaf, not hashed, with a copy of the words; nothing refers to it yet. */
  makeLeaf({ words: source, at: from, large }: LeafSource): Ref {
    const lengths = source[from + LENGTHS] ?? 0;
    const length = keyLengthOf(lengths) + valueLengthOf(lengths);
    const bodyWords = large === undefined ? (length + 3) >>> 2 : 0;
    const index = large === undefined ? (classes[bodyWords] ?? 0) : LARGE_CLASS;
    const pool = this.#poolOf(index);
    if (this.#dropped.length > 0 && !pool.hasFree) this.giveBack(1000);
    const cell = pool.allocate();
    const words = chunkOf(pool.words, cell >>> pool.bits);
    const to = pool.wordOf(cell);
    const count = LEAF_HEAD_WORDS + bodyWords;
    for (let word = 0; word < count; word++) words[to + word] = source[from + word] ?? 0;
    if (large !== undefined) this.#large.set(cell, large);
    return ~((index << INDEX_BITS) | cell);
  }

  isHashed(ref: Ref): boolean {
    return ref >= 0 ? this.inner.isHashed(ref) : this.leafPool(ref).isHashed(~ref & INDEX_MASK);
  }

  /** Copies the digest; of a leaf that is not hashed, the path. */
  readDigest(ref: Ref, target: Int32Array, to: number): void {
    const pool = ref >= 0 ? this.inner : this.leafPool(ref);
    const index = ref >= 0 ? ref : ~ref & INDEX_MASK;
    const words = chunkOf(pool.words, index >>> pool.bits);
    const at = pool.wordOf(index);
    // Not a loop, and not a view: these eight words are the innermost work of hashing (measured).
    target[to] = words[at] ?? 0;
    target[to + 1] = words[at + 1] ?? 0;
    target[to + 2] = words[at + 2] ?? 0;
    target[to + 3] = words[at + 3] ?? 0;
    target[to + 4] = words[at + 4] ?? 0;
    target[to + 5] = words[at + 5] ?? 0;
    target[to + 6] = words[at + 6] ?? 0;
    target[to + 7] = words[at + 7] ?? 0;
  }

  /** Stores the digest of a node, once. */
  writeDigest(ref: Ref, source: Int32Array, from: number): void {
    const pool = ref >= 0 ? this.inner : this.leafPool(ref);
    const index = ref >= 0 ? ref : ~ref & INDEX_MASK;
    const words = chunkOf(pool.words, index >>> pool.bits);
    const at = pool.wordOf(index);
    words[at] = source[from] ?? 0;
    words[at + 1] = source[from + 1] ?? 0;
    words[at + 2] = source[from + 2] ?? 0;
    words[at + 3] = source[from + 3] ?? 0;
    words[at + 4] = source[from + 4] ?? 0;
    words[at + 5] = source[from + 5] ?? 0;
    words[at + 6] = source[from + 6] ?? 0;
    words[at + 7] = source[from + 7] ?? 0;
    const marks = chunkOf(pool.marks, index >>> pool.bits);
    marks[index & pool.mask] = (marks[index & pool.mask] ?? 0) | HASHED;
  }

  /** The key's and the value's length, as `packLengths` made them. */
  lengthsOf(leaf: Ref): number {
    const pool = this.leafPool(leaf);
    const index = ~leaf & INDEX_MASK;
    return chunkOf(pool.words, index >>> pool.bits)[pool.wordOf(index) + LENGTHS] ?? 0;
  }

  /** Where the key, and right after it the value, are. Not to be written to, nor to be kept. */
  bodyOf(leaf: Ref): { readonly bytes: Uint8Array; readonly at: number } {
    const code = ~leaf;
    const index = code & INDEX_MASK;
    if (code >>> INDEX_BITS === LARGE_CLASS) {
      const bytes = this.#large.get(index);
      if (bytes === undefined) throw new Error("invariant broken: a long leaf has its bytes");
      return { bytes, at: 0 };
    }
    const pool = this.leafPool(leaf);
    const bytes = chunkOf(pool.bytes, index >>> pool.bits);
    return { bytes, at: (pool.wordOf(index) + LEAF_HEAD_WORDS) * 4 };
  }

  /** Whether key and value are those words, and, where `length` is the key's, the key alone. */
  startsWith(leaf: Ref, source: LeafSource, length: number): boolean {
    if (source.large !== undefined || ~leaf >>> INDEX_BITS === LARGE_CLASS) {
      const { bytes, at } = this.bodyOf(leaf);
      const other =
        source.large ??
        new Uint8Array(source.words.buffer, (source.at + LEAF_HEAD_WORDS) * 4, length);
      for (let byte = 0; byte < length; byte++) if (bytes[at + byte] !== other[byte]) return false;
      return true;
    }
    const pool = this.leafPool(leaf);
    const index = ~leaf & INDEX_MASK;
    const words = chunkOf(pool.words, index >>> pool.bits);
    const at = pool.wordOf(index) + LEAF_HEAD_WORDS;
    const from = source.at + LEAF_HEAD_WORDS;
    const whole = length >>> 2;
    for (let word = 0; word < whole; word++) {
      if (words[at + word] !== source.words[from + word]) return false;
    }
    if ((length & 3) === 0) return true;
    const bytes = chunkOf(pool.bytes, index >>> pool.bits);
    const others = new Uint8Array(source.words.buffer, from * 4);
    for (let byte = whole * 4; byte < length; byte++) {
      if (bytes[at * 4 + byte] !== others[byte]) return false;
    }
    return true;
  }

  retain(ref: Ref): void {
    if (ref > 0) this.inner.retain(ref);
    else if (ref < 0) this.leafPool(ref).retain(~ref & INDEX_MASK);
  }

  /** Takes one reference away. The nodes are given back later, when their places are needed. */
  drop(ref: Ref): void {
    if (ref !== EMPTY) this.#dropped.push(ref);
  }

  /** Gives back up to that many of the nodes that were dropped. */
  giveBack(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const ref = this.#dropped.pop();
      if (ref === undefined) return;
      if (ref > 0) this.#releaseInner(ref);
      else this.#releaseLeaf(ref);
    }
  }

  #releaseInner(ref: Ref): void {
    if (!this.inner.release(ref)) return;
    this.drop(this.leftOf(ref));
    this.drop(this.rightOf(ref));
    this.inner.free(ref);
  }

  #releaseLeaf(ref: Ref): void {
    const pool = this.leafPool(ref);
    const index = ~ref & INDEX_MASK;
    if (!pool.release(index)) return;
    if (~ref >>> INDEX_BITS === LARGE_CLASS) this.#large.delete(index);
    pool.free(index);
  }

  #poolOf(index: number): Pool {
    const known = this.#leaves[index];
    if (known !== undefined) return known;
    const cellWords = LEAF_HEAD_WORDS + (CLASS_WORDS[index] ?? 0);
    const pool = new Pool({ cellWords, indexMax: INDEX_MASK - 0xffff });
    // Filled in order, so that V8 keeps a plain array: a hole would make every access slower.
    for (let at = this.#leaves.length; at < index; at++) this.#leaves[at] = undefined;
    this.#leaves[index] = pool;
    return pool;
  }
}

function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}
