import { equalBytes } from "@aethel/models";

/** Values by a key of theirs, 32 bytes that look random: a digest, or an account. */
export interface DigestTable<T> {
  get(key: Uint8Array): T | undefined;
  /** Adds a value, or puts it in the place of the one with its key. */
  put(value: T): void;
  delete(key: Uint8Array): void;
  /** In an order that depends on what is there and how it came, and on nothing else. */
  values(): Iterable<T>;
  /** So many of them at most. */
  some(most: number): readonly T[];
  readonly size: number;
}

const CAPACITY_MIN = 1_024;

/**
 * An empty table: open addressing, at most half full. A `Map` needs a string for each key, and to
 * find that something is not in it reads the strings of others: with 100,000 in it that took half
 * of the time of adding a proof (measured). Here four bytes of each key stand side by side.
 *
 * Who wants two keys in one place has to try as many keys as there are places, with a signature for
 * each try; so nobody makes it slow.
 */
export function createDigestTable<T>(keyOf: (value: T) => Uint8Array): DigestTable<T> {
  let mask = CAPACITY_MIN - 1;
  let tags = new Uint32Array(CAPACITY_MIN);
  let values: (T | undefined)[] = emptyPlaces(CAPACITY_MIN);
  let size = 0;
  /** Where the key is, or the empty place where it belongs. */
  const find = (key: Uint8Array, tag: number): number => {
    for (let at = tag & mask; ; at = (at + 1) & mask) {
      const known = tags[at];
      if (known === 0) return at;
      if (known !== tag) continue;
      const value = values[at];
      if (value !== undefined && equalBytes(keyOf(value), key)) return at;
    }
  };
  const resize = (capacity: number): void => {
    const [oldTags, oldValues] = [tags, values];
    mask = capacity - 1;
    tags = new Uint32Array(capacity);
    values = emptyPlaces(capacity);
    // Without an iterator, which would make a pair for each place.
    for (let from = 0; from < oldValues.length; from++) {
      const value = oldValues[from];
      if (value === undefined) continue;
      const tag = oldTags[from] ?? 0;
      let at = tag & mask;
      while (tags[at] !== 0) at = (at + 1) & mask;
      tags[at] = tag;
      values[at] = value;
    }
  };
  return {
    get size() {
      return size;
    },
    get: (key) => values[find(key, tagOf(key))],
    put: (value) => {
      const key = keyOf(value);
      const tag = tagOf(key);
      const at = find(key, tag);
      if (values[at] === undefined) size += 1;
      tags[at] = tag;
      values[at] = value;
      if (2 * size > mask) resize(2 * (mask + 1));
    },
    delete: (key) => {
      let hole = find(key, tagOf(key));
      if (values[hole] === undefined) return;
      size -= 1;
      // What stands behind moves up, unless it would come before its own place.
      for (let at = (hole + 1) & mask; tags[at] !== 0; at = (at + 1) & mask) {
        const home = (tags[at] ?? 0) & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        tags[hole] = tags[at] ?? 0;
        values[hole] = values[at];
        hole = at;
      }
      tags[hole] = 0;
      values[hole] = undefined;
      if (mask >= CAPACITY_MIN && 16 * size < mask) resize((mask + 1) >> 1);
    },
    values: () => values.filter((value) => value !== undefined),
    some: (most) => {
      const found: T[] = [];
      for (const value of values) {
        if (found.length >= most) break;
        if (value !== undefined) found.push(value);
      }
      return found;
    },
  };
}

function emptyPlaces<T>(count: number): (T | undefined)[] {
  return Array<T | undefined>(count).fill(undefined);
}

/** Never 0, which means that a place is empty. */
function tagOf(key: Uint8Array): number {
  const word = byteAt(key, 0) | (byteAt(key, 1) << 8) | (byteAt(key, 2) << 16);
  return (word | (byteAt(key, 3) << 24)) >>> 0 || 1;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
