import { assert, equalBytes } from "@aethel/models";
import { copyDigest } from "../hashing/digest-words.ts";
import { chunkOf } from "./cell-allocator.ts";
import type { Record } from "./leaf-store.ts";
import { keyOf, type Records } from "./records.ts";

/**
 * Changes ready for the tree: checked, copied, hashed, sorted by path, and at most one for each
 * key. A record without a value deletes its key.
 */
export interface Edits {
  readonly count: number;
  /** First 32 bits of the path of each edit. */
  readonly prefixes: Uint32Array;
  /** Paths of the edits, eight words each. */
  readonly paths: Int32Array<ArrayBuffer>;
  readonly recordAt: (at: number) => Record;
}

/** Binary logarithm of `KEYS`. */
const KEYS_BITS = 10;
/** Number of keys in one batch of the hasher. */
export const KEYS = 1 << KEYS_BITS;

/** Changes in the order of the caller. */
export interface Arrived {
  readonly records: Records;
  readonly addresses: readonly number[];
  /** Paths of the changes, in arrays of `KEYS` paths each. */
  readonly paths: readonly Int32Array<ArrayBuffer>[];
}

/** Sorts changes by path, and keeps the last one of each key. */
export function sortByPath(arrived: Arrived): Edits {
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

/**
 * Moves the last change of each key to the front, in place. Returns the number of these changes.
 */
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

/** Sorts by prefix: a stable radix sort, from the lowest byte to the highest. */
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

/** Returns the bit of an edit's path at `depth`. */
export function bitOf({ prefixes, paths }: Edits, at: number, depth: number): number {
  if (depth < 32) return ((prefixes[at] ?? 0) >>> (31 - depth)) & 1;
  const byte = new DataView(paths.buffer).getUint8(at * 32 + (depth >>> 3));
  return (byte >>> (7 - (depth & 7))) & 1;
}
