/** One buffer, seen as 32-bit words and as bytes. */
export interface Memory {
  readonly words: Int32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Allocates `length` words. */
export function createMemory(length: number): Memory {
  const words = new Int32Array(length);
  return { words, bytes: new Uint8Array(words.buffer) };
}

/** Copies the eight words of a digest. */
export function copyDigest(source: Int32Array, from: number, target: Int32Array, to: number): void {
  // Unrolled: this is the innermost step of an update (measured).
  target[to] = source[from] ?? 0;
  target[to + 1] = source[from + 1] ?? 0;
  target[to + 2] = source[from + 2] ?? 0;
  target[to + 3] = source[from + 3] ?? 0;
  target[to + 4] = source[from + 4] ?? 0;
  target[to + 5] = source[from + 5] ?? 0;
  target[to + 6] = source[from + 6] ?? 0;
  target[to + 7] = source[from + 7] ?? 0;
}

/** Copies a digest into words, in the byte order of this machine. */
export function toWords(digest: Uint8Array): Int32Array<ArrayBuffer> {
  return new Int32Array(Uint8Array.from(digest).buffer);
}

/** Copies the digest at word `at` into bytes. */
export function toBytes(words: Int32Array, at: number): Uint8Array {
  return new Uint8Array(words.slice(at, at + 8).buffer);
}
