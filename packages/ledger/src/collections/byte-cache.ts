/** Least-recently-used cache of values by name, bounded in bytes. */
export interface ByteCache<T> {
  get(name: string): T | undefined;
  /**
   * Returns a value as `get` does, without counting as a use of the entry. Undefined if there is
   * none.
   */
  peek(name: string): T | undefined;
  /**
   * Stores a value that counts as this many bytes. A value that is larger than the whole cache is
   * not stored.
   */
  set(name: string, value: T, bytes: number): void;
  /** Bytes of all stored values. */
  readonly bytes: number;
}

/** Creates a cache of at most `bytesMax` bytes. Callers of `set` tell the size of each value. */
export function createByteCache<T>({ bytesMax }: { readonly bytesMax: number }): ByteCache<T> {
  // In the order of last uses: the first was used longest ago.
  const kept = new Map<string, { readonly value: T; readonly bytes: number }>();
  let bytes = 0;
  /**
   * Most recently used name. Its entry is already the last in the map, so a repeated `get` need not
   * delete the entry and insert it again, which would leave a gap in the map each time.
   */
  let newest: string | undefined;
  const forget = (name: string): void => {
    bytes -= kept.get(name)?.bytes ?? 0;
    kept.delete(name);
  };
  return {
    get bytes() {
      return bytes;
    },
    get: (name) => {
      const found = kept.get(name);
      if (found === undefined || name === newest) return found?.value;
      kept.delete(name);
      kept.set(name, found);
      newest = name;
      return found.value;
    },
    peek: (name) => kept.get(name)?.value,
    set: (name, value, size) => {
      forget(name);
      if (size > bytesMax) return;
      kept.set(name, { value, bytes: size });
      newest = name;
      bytes += size;
      for (const oldest of kept.keys()) {
        if (bytes <= bytesMax) break;
        forget(oldest);
      }
    },
  };
}
