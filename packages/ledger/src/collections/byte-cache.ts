/** A memory of values by name that forgets what was used longest ago. */
export interface ByteCache<T> {
  get(name: string): T | undefined;
  /** The same, and it does not count as a use. */
  peek(name: string): T | undefined;
  /** Keeps a value that takes so many bytes; one that is too large for the whole is not kept. */
  set(name: string, value: T, bytes: number): void;
  /** Bytes of all that is kept. */
  readonly bytes: number;
}

/** A cache of at most `bytesMax` bytes, as its caller counts them. */
export function createByteCache<T>({ bytesMax }: { readonly bytesMax: number }): ByteCache<T> {
  // In the order of last uses: the first was used longest ago.
  const kept = new Map<string, { readonly value: T; readonly bytes: number }>();
  let bytes = 0;
  /**
   * The last of them: using it again changes nothing, and a map that is not changed stays compact.
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
