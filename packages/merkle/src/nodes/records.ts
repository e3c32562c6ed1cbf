import { copyFew } from "../bytes/copy.ts";
import { copyDigest, type Memory } from "../hashing/digest-words.ts";
import { chunkOf } from "./cell-allocator.ts";
import { bodyView, CELL_WORDS_MAX, keyLengthOf, packLengths, type Record } from "./leaf-store.ts";

/**
 * Number of low bits of an address that give the word in a chunk. The higher bits are the number of
 * the chunk.
 */
const ADDRESS_BITS = 18;
const ADDRESS_MASK = (1 << ADDRESS_BITS) - 1;
const FIRST_WORDS = 128;
/**
 * Buffers for records. They are used again, because new memory pages cost more than the writes
 * (measured).
 */
export type Scratch = Int32Array<ArrayBuffer>[];

/** Copies of changes, appended to chunks that never move. An address names a copy. */
export class Records {
  readonly #chunks: Scratch;
  /** Last chunk of copies, seen as bytes. */
  #bytes = new Uint8Array();
  /** Keys and values of the changes that are too long for a cell, by address. */
  readonly #large = new Map<number, Uint8Array>();
  /** Bytes of the chunk from which a key was copied last. */
  #viewed = new Uint8Array();
  #last = -1;
  #end = 0;

  constructor(scratch: Scratch) {
    this.#chunks = scratch;
  }

  append(key: Uint8Array, value: Uint8Array | undefined): number {
    const valueLength = value === undefined ? 0 : value.length;
    const length = key.length + valueLength;
    const isLarge = length > CELL_WORDS_MAX * 4;
    const count = 1 + (isLarge ? 0 : (length + 3) >>> 2);
    const chunk = this.#reserve(count);
    const at = this.#end;
    const address = chunk * (ADDRESS_MASK + 1) + at;
    this.#end += count;
    chunkOf(this.#chunks, chunk)[at] = packLengths(key.length, valueLength);
    let [bytes, to] = [this.#bytes, at * 4 + 4];
    if (isLarge) {
      [bytes, to] = [new Uint8Array(length), 0];
      this.#large.set(address, bytes);
    }
    bytes.set(key, to);
    if (value !== undefined) bytes.set(value, to + key.length);
    return address;
  }

  at(address: number): Record {
    const words = chunkOf(this.#chunks, address >>> ADDRESS_BITS);
    const large = this.#large.size === 0 ? undefined : this.#large.get(address);
    return { words, at: address & ADDRESS_MASK, large };
  }

  keyLengthAt(address: number): number {
    const words = chunkOf(this.#chunks, address >>> ADDRESS_BITS);
    return keyLengthOf(words[address & ADDRESS_MASK] ?? 0);
  }

  /**
   * Copies a key to byte `to`. If the length of the key is a multiple of 4, `to` must be a multiple
   * of 4 too.
   */
  copyKey(address: number, target: Memory, to: number): void {
    const words = chunkOf(this.#chunks, address >>> ADDRESS_BITS);
    const at = address & ADDRESS_MASK;
    const length = keyLengthOf(words[at] ?? 0);
    const large = this.#large.size === 0 ? undefined : this.#large.get(address);
    if (large !== undefined) target.bytes.set(large.subarray(0, length), to);
    else if (length === 32) copyDigest(words, at + 1, target.words, to >>> 2);
    else {
      if (this.#viewed.buffer !== words.buffer) this.#viewed = new Uint8Array(words.buffer);
      copyFew({ bytes: this.#viewed, at: at * 4 + 4 }, target.bytes, to, length);
    }
  }

  /** Returns the number of a chunk that has space for `count` more words. */
  #reserve(count: number): number {
    const length = this.#chunks[this.#last]?.length ?? 0;
    if (this.#last >= 0 && this.#end + count <= length) return this.#last;
    this.#last++;
    const known = this.#chunks[this.#last];
    const words = Math.min(Math.max(length * 2, FIRST_WORDS, count), ADDRESS_MASK + 1);
    const chunk = known !== undefined && known.length >= count ? known : new Int32Array(words);
    this.#chunks[this.#last] = chunk;
    this.#bytes = new Uint8Array(chunk.buffer);
    this.#end = 0;
    return this.#last;
  }
}

/** Returns a view of the key of a record. */
export const keyOf = (record: Record): Uint8Array =>
  bodyView(record).subarray(0, keyLengthOf(record.words[record.at] ?? 0));
