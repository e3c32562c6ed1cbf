import { assert } from "@aethel/models";
import {
  CELL_WORDS_MAX,
  keyLengthOf,
  LEAF_HEAD_WORDS,
  type LeafSource,
  packLengths,
  valueLengthOf,
} from "./arena.ts";
import type { Hasher } from "./hasher.ts";
import { checkKey, checkValue } from "./limits.ts";
import { chunkOf } from "./pool.ts";

/** A key and the value that it shall have; undefined deletes it. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * Changes ready for the tree: checked, copied, hashed, in the order of their paths, one for each
 * key. Each is a record of words, laid out as a leaf's cell is: path, lengths, key and value; a
 * value of no bytes deletes. An address is a chunk's number, and in the last 18 bits a word's.
 */
export interface Edits {
  readonly count: number;
  /** The first 32 bits of the paths. */
  readonly prefixes: Uint32Array;
  readonly addresses: Uint32Array;
  readonly records: Records;
}

const ADDRESS_BITS = 18;
const ADDRESS_MASK = (1 << ADDRESS_BITS) - 1;
const FIRST_WORDS = 128;
/** Words of path and key or more, so that a key alone always fits into a chunk. */
const LENGTHS = LEAF_HEAD_WORDS - 1;
const KEYS_MAX = 1024;

class Records {
  readonly words: Int32Array[] = [];
  readonly bytes: Uint8Array[] = [];
  /** Key and value of what is too long for a cell, by address. */
  readonly large = new Map<number, Uint8Array>();
  #end = 0;

  /** Copies the change into a record that has no path yet. */
  append({ key, value }: Change): number {
    const valueLength = value === undefined ? 0 : value.length;
    const length = key.length + valueLength;
    const isLarge = length > CELL_WORDS_MAX * 4;
    const count = LEAF_HEAD_WORDS + (isLarge ? 0 : (length + 3) >>> 2);
    const chunk = this.#reserve(count);
    const [words, at] = [chunkOf(this.words, chunk), this.#end];
    const address = chunk * (ADDRESS_MASK + 1) + at;
    this.#end += count;
    words[at + LENGTHS] = packLengths(key.length, valueLength);
    let [bytes, to] = [chunkOf(this.bytes, chunk), (at + LEAF_HEAD_WORDS) * 4];
    if (isLarge) {
      [bytes, to] = [new Uint8Array(length), 0];
      this.large.set(address, bytes);
    }
    copyInto(bytes, to, key);
    if (value !== undefined) copyInto(bytes, to + key.length, value);
    return address;
  }

  sourceOf(address: number): LeafSource {
    const words = chunkOf(this.words, address >>> ADDRESS_BITS);
    const at = address & ADDRESS_MASK;
    const large = this.large.size === 0 ? undefined : this.large.get(address);
    return { words, at, large };
  }

  /** Number of the chunk that has room for `count` more words. */
  #reserve(count: number): number {
    const last = this.words.length - 1;
    const length = this.words[last]?.length ?? 0;
    if (last >= 0 && this.#end + count <= length) return last;
    const words = Math.min(Math.max(length * 2, FIRST_WORDS, count), ADDRESS_MASK + 1);
    const chunk = new Int32Array(words);
    this.words.push(chunk);
    this.bytes.push(new Uint8Array(chunk.buffer));
    this.#end = 0;
    return last + 1;
  }
}

export type { Records };

function copyInto(target: Uint8Array, to: number, source: Uint8Array): void {
  // For few bytes a loop takes less time than the call of `set` (measured).
  if (source.length > 64) target.set(source, to);
  else for (let at = 0; at < source.length; at++) target[to + at] = source[at] ?? 0;
}

/** @throws MerkleError `KEY_LENGTH` or `VALUE_LENGTH`. */
export function collectEdits(changes: Iterable<Change>, hasher: Hasher): Edits {
  const records = new Records();
  const addresses: number[] = [];
  for (const { key, value } of changes) {
    checkKey(key);
    if (value !== undefined) checkValue(value);
    addresses.push(records.append({ key, value }));
  }
  hashKeys({ records, addresses, hasher });
  return sortByPath(records, addresses);
}

interface KeyBatch {
  readonly records: Records;
  readonly addresses: readonly number[];
  readonly hasher: Hasher;
}

/** Writes the path of each record: keys of 32 bytes in batches, where the hasher takes them. */
function hashKeys({ records, addresses, hasher }: KeyBatch): void {
  const { digestEach } = hasher;
  const isBatch = digestEach !== undefined && addresses.length > 1;
  const room = isBatch ? Math.min(addresses.length, KEYS_MAX) : 0;
  const messages = new Int32Array(room * 8);
  const digests = new Int32Array(room * 8);
  const waiting: LeafSource[] = [];
  const flush = (): void => {
    const end = waiting.length * 32;
    digestEach?.({
      messages: new Uint8Array(messages.buffer, 0, end),
      length: 32,
      digests: new Uint8Array(digests.buffer, 0, end),
    });
    for (let at = 0; at < waiting.length; at++) {
      const source = waiting[at];
      if (source !== undefined) copyWords(digests, at * 8, source.words, source.at);
    }
    waiting.length = 0;
  };
  for (const address of addresses) {
    const source = records.sourceOf(address);
    const { words, at, large } = source;
    const keyLength = keyLengthOf(words[at + LENGTHS] ?? 0);
    if (isBatch && keyLength === 32 && large === undefined) {
      copyWords(words, at + LEAF_HEAD_WORDS, messages, waiting.length * 8);
      if (waiting.push(source) === room) flush();
    } else {
      const bytes = chunkOf(records.bytes, address >>> ADDRESS_BITS);
      const from = (at + LEAF_HEAD_WORDS) * 4;
      const key = large?.subarray(0, keyLength) ?? bytes.subarray(from, from + keyLength);
      bytes.set(hasher.digest(key), at * 4);
    }
  }
  if (waiting.length > 0) flush();
}

function copyWords(source: Int32Array, from: number, target: Int32Array, to: number): void {
  for (let word = 0; word < 8; word++) target[to + word] = source[from + word] ?? 0;
}

/** Of several edits of one key the last stays. */
function sortByPath(records: Records, arrived: readonly number[]): Edits {
  const count = arrived.length;
  const prefixes = new Uint32Array(count);
  for (let at = 0; at < count; at++) prefixes[at] = prefixOf(records, arrived[at] ?? 0);
  const addresses = Uint32Array.from(arrived);
  sortByPrefix(prefixes, addresses);
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && prefixes[to] === prefixes[from]) to++;
    if (to - from > 1) {
      // Stable, so edits of one key stay in the order in which they came.
      const run = Array.from(addresses.subarray(from, to));
      run.sort((left, right) => comparePaths(records, left, right));
      addresses.set(run, from);
    }
    from = to;
  }
  return { count: dropOverwritten(records, prefixes, addresses), prefixes, addresses, records };
}

/** Moves what stays to the front, and gives its number. */
function dropOverwritten(records: Records, prefixes: Uint32Array, addresses: Uint32Array): number {
  let kept = 0;
  for (let at = 0; at < addresses.length; at++) {
    const address = addresses[at] ?? 0;
    if (at + 1 < addresses.length && prefixes[at] === prefixes[at + 1]) {
      const next = addresses[at + 1] ?? 0;
      if (comparePaths(records, address, next) === 0) {
        assert(isOneKey(records, address, next), "no two keys have one SHA-256");
        continue;
      }
    }
    prefixes[kept] = prefixes[at] ?? 0;
    addresses[kept] = address;
    kept++;
  }
  return kept;
}

/** Radix sort, byte by byte from the last one; stable. */
function sortByPrefix(
  prefixes: Uint32Array<ArrayBuffer>,
  addresses: Uint32Array<ArrayBuffer>,
): void {
  const count = prefixes.length;
  if (count < 2) return;
  let from = { keys: prefixes, items: addresses };
  let to = { keys: new Uint32Array(count), items: new Uint32Array(count) };
  const ends = new Uint32Array(256);
  for (let shift = 0; shift < 32; shift += 8) {
    const { keys, items } = from;
    ends.fill(0);
    for (let at = 0; at < count; at++) {
      const digit = ((keys[at] ?? 0) >>> shift) & 0xff;
      ends[digit] = (ends[digit] ?? 0) + 1;
    }
    for (let digit = 0, sum = 0; digit < 256; digit++) {
      const size = ends[digit] ?? 0;
      ends[digit] = sum;
      sum += size;
    }
    for (let at = 0; at < count; at++) {
      const key = keys[at] ?? 0;
      const digit = (key >>> shift) & 0xff;
      const place = ends[digit] ?? 0;
      ends[digit] = place + 1;
      to.keys[place] = key;
      to.items[place] = items[at] ?? 0;
    }
    // After the fourth turn the result is where it was before the first.
    [from, to] = [to, from];
  }
}

function prefixOf(records: Records, address: number): number {
  const bytes = chunkOf(records.bytes, address >>> ADDRESS_BITS);
  const at = (address & ADDRESS_MASK) * 4;
  const [a, b, c, d] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

function comparePaths(records: Records, left: number, right: number): number {
  for (let byte = 0; byte < 32; byte++) {
    const difference = pathByte(records, left, byte) - pathByte(records, right, byte);
    if (difference !== 0) return difference;
  }
  return 0;
}

function pathByte(records: Records, address: number, byte: number): number {
  const bytes = chunkOf(records.bytes, address >>> ADDRESS_BITS);
  return bytes[(address & ADDRESS_MASK) * 4 + byte] ?? 0;
}

function isOneKey(records: Records, left: number, right: number): boolean {
  const [one, other] = [keyOf(records, left), keyOf(records, right)];
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function keyOf(records: Records, address: number): Uint8Array {
  const { words, at, large } = records.sourceOf(address);
  const length = keyLengthOf(words[at + LENGTHS] ?? 0);
  if (large !== undefined) return large.subarray(0, length);
  const from = (at + LEAF_HEAD_WORDS) * 4;
  return chunkOf(records.bytes, address >>> ADDRESS_BITS).subarray(from, from + length);
}

/** What the leaf of an edit is made of. */
export function sourceAt({ records, addresses }: Edits, at: number): LeafSource {
  return records.sourceOf(addresses[at] ?? 0);
}

/** The word of its lengths. */
export function lengthsAt({ words, at }: LeafSource): number {
  return words[at + LENGTHS] ?? 0;
}

/** Whether it deletes its key. */
export function isDelete(source: LeafSource): boolean {
  return valueLengthOf(lengthsAt(source)) === 0;
}

/** The bit of an edit's path at that depth. */
export function bitOf({ prefixes, addresses, records }: Edits, at: number, depth: number): number {
  if (depth < 32) return ((prefixes[at] ?? 0) >>> (31 - depth)) & 1;
  return (pathByte(records, addresses[at] ?? 0, depth >>> 3) >>> (7 - (depth & 7))) & 1;
}
