import { equalBytes } from "@aethel/models";

/**
 * Hash table of values by a key of 32 uniformly distributed bytes, such as a digest or an account.
 */
export interface DigestTable<T> {
  get(key: Uint8Array): T | undefined;
  /** Adds a value, or replaces the value with the same key. */
  put(value: T): void;
  delete(key: Uint8Array): void;
  /** Returns all values. Their order depends on the earlier operations only. */
  values(): Iterable<T>;
  /** Returns at most `most` values, in no particular order. */
  some(most: number): readonly T[];
  readonly size: number;
}

const CAPACITY_MIN = 1_024;

/**
 * Creates an empty table with open addressing, at most half full. The first four bytes of each key
 * are stored side by side. A `Map` would need a string for each key and compare strings on a miss:
 * with 100,000 entries this was half of the time of adding a proof (measured).
 *
 * An adversary cannot slow the table down. To find one key with a chosen place takes on average as
 * many tries as the table has places, and each try costs a signature.
 */
export function createDigestTable<T>(keyOf: (value: T) => Uint8Array): DigestTable<T> {
  let places: Places<T> = emptyPlaces(CAPACITY_MIN);
  let size = 0;
  /**
   * Returns the place of a key if the table has it, else the empty place where it would be added.
   */
  const find = (key: Uint8Array, tag: number): number => {
    const { mask, tags, values } = places;
    for (let at = tag & mask; ; at = (at + 1) & mask) {
      const known = tags[at];
      if (known === 0) return at;
      if (known !== tag) continue;
      const value = values[at];
      if (value !== undefined && equalBytes(keyOf(value), key)) return at;
    }
  };
  return {
    get size() {
      return size;
    },
    get: (key) => places.values[find(key, tagOf(key))],
    put: (value) => {
      const { mask, tags, values } = places;
      const key = keyOf(value);
      const tag = tagOf(key);
      const at = find(key, tag);
      if (values[at] === undefined) size += 1;
      tags[at] = tag;
      values[at] = value;
      if (2 * size > mask) places = moved(places, 2 * (mask + 1));
    },
    delete: (key) => {
      const { mask, values } = places;
      const at = find(key, tagOf(key));
      if (values[at] === undefined) return;
      size -= 1;
      empty(places, at);
      if (mask >= CAPACITY_MIN && 16 * size < mask) places = moved(places, (mask + 1) >> 1);
    },
    values: () => places.values.filter((value) => value !== undefined),
    some: (most) => {
      const found: T[] = [];
      for (const value of places.values) {
        if (found.length >= most) break;
        if (value !== undefined) found.push(value);
      }
      return found;
    },
  };
}

/** Places of a hash table. Their number is a power of two. */
interface Places<T> {
  /** Number of places, less one. */
  readonly mask: number;
  /** Tag (see `tagOf`) of the key in each place. 0 if the place is empty. */
  readonly tags: Uint32Array;
  readonly values: (T | undefined)[];
}

function emptyPlaces<T>(capacity: number): Places<T> {
  const values = Array<T | undefined>(capacity).fill(undefined);
  return { mask: capacity - 1, tags: new Uint32Array(capacity), values };
}

/** Returns places of a hash table with another capacity, which hold the values of the old ones. */
function moved<T>(old: Places<T>, capacity: number): Places<T> {
  const places = emptyPlaces<T>(capacity);
  const { mask, tags, values } = places;
  // Without an iterator, which would make a pair for each place.
  for (let from = 0; from < old.values.length; from++) {
    const value = old.values[from];
    if (value === undefined) continue;
    const tag = old.tags[from] ?? 0;
    let at = tag & mask;
    while (tags[at] !== 0) at = (at + 1) & mask;
    tags[at] = tag;
    values[at] = value;
  }
  return places;
}

/**
 * Empties a place by backward-shift deletion: each later entry moves into the freed place, unless
 * the search for its key begins after that place.
 */
function empty<T>({ mask, tags, values }: Places<T>, place: number): void {
  let hole = place;
  for (let at = (hole + 1) & mask; tags[at] !== 0; at = (at + 1) & mask) {
    const home = (tags[at] ?? 0) & mask;
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    tags[hole] = tags[at] ?? 0;
    values[hole] = values[at];
    hole = at;
  }
  tags[hole] = 0;
  values[hole] = undefined;
}

/**
 * Returns the first four bytes of a key as a number. It is never 0, since 0 marks an empty place.
 */
function tagOf(key: Uint8Array): number {
  const word = byteAt(key, 0) | (byteAt(key, 1) << 8) | (byteAt(key, 2) << 16);
  return (word | (byteAt(key, 3) << 24)) >>> 0 || 1;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
