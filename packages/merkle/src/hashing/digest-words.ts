/** One memory, as words and as bytes. */
export interface Memory {
  readonly words: Int32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A memory of that many words. */
export function createMemory(length: number): Memory {
  const words = new Int32Array(length);
  return { words, bytes: new Uint8Array(words.buffer) };
}

/** Copies the eight words of a digest. */
export function copyDigest(source: Int32Array, from: number, target: Int32Array, to: number): void {
  // Neither a loop nor a view: this is the innermost work of an update (measured).
  target[to] = source[from] ?? 0;
  target[to + 1] = source[from + 1] ?? 0;
  target[to + 2] = source[from + 2] ?? 0;
  target[to + 3] = source[from + 3] ?? 0;
  target[to + 4] = source[from + 4] ?? 0;
  target[to + 5] = source[from + 5] ?? 0;
  target[to + 6] = source[from + 6] ?? 0;
  target[to + 7] = source[from + 7] ?? 0;
}

/** The bytes as words, in the order of this machine. */
export function toWords(digest: Uint8Array): Int32Array<ArrayBuffer> {
  return new Int32Array(Uint8Array.from(digest).buffer);
}

/** A copy of the bytes of a digest. */
export function toBytes(words: Int32Array, at: number): Uint8Array {
  return new Uint8Array(words.slice(at, at + 8).buffer);
}
