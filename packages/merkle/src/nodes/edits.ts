import { assert, equalBytes } from "@aethel/models";
import { copyFew } from "../bytes/copy.ts";
import { digestMany } from "../hashing/digest-many.ts";
import { copyDigest, createMemory, type Memory, toWords } from "../hashing/digest-words.ts";
import type { Hasher } from "../hashing/hasher.ts";
import { checkKey, checkValue } from "../limits.ts";
import { chunkOf } from "./cell-allocator.ts";
import { bodyView, CELL_WORDS_MAX, keyLengthOf, packLengths, type Record } from "./leaf-store.ts";

/** New value of a key; undefined deletes the key. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * Changes ready for the tree: checked, copied, hashed, sorted by path, one for each key. A record
 * whose value has no bytes deletes its key.
 */
export interface Edits {
  readonly count: number;
  /** First 32 bits of each path. */
  readonly prefixes: Uint32Array;
  /** Paths, eight words each. */
  readonly paths: Int32Array<ArrayBuffer>;
  readonly recordAt: (at: number) => Record;
}

/** Changes in the order of the caller. */
interface Arrived {
  readonly records: Records;
  readonly addresses: readonly number[];
  /** Hashed keys, `KEYS` in each array. */
  readonly paths: readonly Int32Array<ArrayBuffer>[];
}

/** Low bits of an address that give the word in a chunk; the rest is the number of the chunk. */
const ADDRESS_BITS = 18;
const ADDRESS_MASK = (1 << ADDRESS_BITS) - 1;
const FIRST_WORDS = 128;
/** Keys in one batch of the hasher, as a power of 2. */
const KEYS_BITS = 10;
const KEYS = 1 << KEYS_BITS;

/** Buffers for records, used again because fresh pages cost more than the writes (measured). */
export type Scratch = Int32Array<ArrayBuffer>[];

/** Copies of the changes, appended to chunks that never move. */
class Records {
  readonly #chunks: Scratch;
  /** Bytes of the last chunk. */
  #bytes = new Uint8Array();
  /** Key and value of changes that are too long for a cell, by address. */
  readonly #large = new Map<number, Uint8Array>();
  /** Bytes of the chunk from which the last key was copied. */
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

  /** Copies a key to byte `to`, which is a multiple of 4 if the key's length is. */
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

  /** Gives a chunk with room for `count` more words. */
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

/** Checks, copies, hashes and sorts changes. @throws MerkleError `KEY_LENGTH` or `VALUE_LENGTH`. */
export function collectEdits(options: {
  readonly changes: Iterable<Change>;
  readonly hasher: Hasher;
  readonly scratch: Scratch;
}): Edits {
  const { changes, hasher } = options;
  const records = new Records(options.scratch);
  const addresses: number[] = [];
  const paths: Int32Array<ArrayBuffer>[] = [];
  for (const { key, value } of changes) {
    checkKey(key);
    if (value !== undefined) checkValue(value);
    addresses.push(records.append(key, value));
    if (addresses.length % KEYS === 0)
      paths.push(hashKeys(records, addresses.slice(-KEYS), hasher));
  }
  const rest = addresses.length % KEYS;
  if (rest > 0) paths.push(hashKeys(records, addresses.slice(-rest), hasher));
  return sortByPath({ records, addresses, paths });
}

/** Hashes keys into paths, keys of one length in a batch if the hasher has `digestEach`. */
function hashKeys(
  records: Records,
  addresses: readonly number[],
  hasher: Hasher,
): Int32Array<ArrayBuffer> {
  const { digest, digestEach } = hasher;
  if (digestEach === undefined) {
    const paths = new Int32Array(addresses.length * 8);
    for (const [at, address] of addresses.entries()) {
      copyDigest(toWords(digest(keyOf(records.at(address)))), 0, paths, at * 8);
    }
    return paths;
  }
  const lengths = addresses.map((address) => records.keyLengthAt(address));
  const [length = 0] = lengths;
  if (!lengths.every((one) => one === length)) {
    return digestMany({ messages: addresses.map((address) => keyOf(records.at(address))), hasher });
  }
  // The usual case of one length needs neither copies of the keys nor an order.
  const keys = createMemory((length * addresses.length + 3) >>> 2);
  const digests = createMemory(addresses.length * 8);
  for (const [at, address] of addresses.entries()) records.copyKey(address, keys, at * length);
  const messages = keys.bytes.subarray(0, length * addresses.length);
  digestEach({ messages, length, digests: digests.bytes });
  return digests.words;
}

/** Sorts changes by path, and keeps the last one of each key. */
function sortByPath(arrived: Arrived): Edits {
  const { records, addresses } = arrived;
  const size = addresses.length;
  const prefixes = new Uint32Array(size);
  const order = new Uint32Array(size);
  for (const [at, paths] of arrived.paths.entries()) readPrefixes(paths, prefixes, at * KEYS);
  for (let at = 0; at < size; at++) order[at] = at;
  sortByPrefix(prefixes, order);
  for (let from = 0; from < size; ) {
    let to = from + 1;
    while (to < size && prefixes[to] === prefixes[from]) to++;
    if (to - from > 1) {
      // A stable sort keeps the changes of one key in the caller's order.
      const run = Array.from(order.subarray(from, to));
      run.sort((left, right) => comparePaths(arrived, left, right));
      order.set(run, from);
    }
    from = to;
  }
  const count = dropOverwritten(arrived, prefixes, order);
  const paths = new Int32Array(count * 8);
  for (let at = 0; at < count; at++) {
    const edit = order[at] ?? 0;
    copyDigest(chunkOf(arrived.paths, edit >>> KEYS_BITS), (edit & (KEYS - 1)) * 8, paths, at * 8);
  }
  const recordAt = (at: number): Record => records.at(addresses[order[at] ?? 0] ?? 0);
  return { count, prefixes, paths, recordAt };
}

function readPrefixes(paths: Int32Array<ArrayBuffer>, prefixes: Uint32Array, from: number): void {
  const view = new DataView(paths.buffer);
  const count = paths.length / 8;
  for (let at = 0; at < count; at++) prefixes[from + at] = view.getUint32(at * 32);
}

/** Moves the changes that count to the front, and gives their number. */
function dropOverwritten(arrived: Arrived, prefixes: Uint32Array, order: Uint32Array): number {
  let kept = 0;
  for (let at = 0; at < order.length; at++) {
    const edit = order[at] ?? 0;
    if (at + 1 < order.length && prefixes[at] === prefixes[at + 1]) {
      const next = order[at + 1] ?? 0;
      if (comparePaths(arrived, edit, next) === 0) {
        assert(haveOneKey(arrived, edit, next), "no two keys have one SHA-256");
        continue;
      }
    }
    prefixes[kept] = prefixes[at] ?? 0;
    order[kept] = edit;
    kept++;
  }
  return kept;
}

/** Sorts by prefix: a stable radix sort from the last byte to the first. */
function sortByPrefix(prefixes: Uint32Array<ArrayBuffer>, order: Uint32Array<ArrayBuffer>): void {
  const count = prefixes.length;
  if (count < 2) return;
  let from = { keys: prefixes, items: order };
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
    // The fourth turn puts the result back into the arguments.
    [from, to] = [to, from];
  }
}

function comparePaths(arrived: Arrived, left: number, right: number): number {
  for (let byte = 0; byte < 32; byte++) {
    const difference = pathByte(arrived, left, byte) - pathByte(arrived, right, byte);
    if (difference !== 0) return difference;
  }
  return 0;
}

function pathByte({ paths }: Arrived, edit: number, byte: number): number {
  const { buffer } = chunkOf(paths, edit >>> KEYS_BITS);
  return new DataView(buffer).getUint8((edit & (KEYS - 1)) * 32 + byte);
}

function haveOneKey({ records, addresses }: Arrived, one: number, other: number): boolean {
  const keys = [one, other].map((edit) => keyOf(records.at(addresses[edit] ?? 0)));
  return keys[0] !== undefined && keys[1] !== undefined && equalBytes(keys[0], keys[1]);
}

const keyOf = (record: Record): Uint8Array =>
  bodyView(record).subarray(0, keyLengthOf(record.words[record.at] ?? 0));

/** Bit of an edit's path at `depth`. */
export function bitOf({ prefixes, paths }: Edits, at: number, depth: number): number {
  if (depth < 32) return ((prefixes[at] ?? 0) >>> (31 - depth)) & 1;
  const byte = new DataView(paths.buffer).getUint8(at * 32 + (depth >>> 3));
  return (byte >>> (7 - (depth & 7))) & 1;
}
