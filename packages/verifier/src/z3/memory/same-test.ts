/** Whether a memory holds certain bytes. `false` may also mean that to look would cost as much as to write. */
export interface SameTest {
  /** Whether `expected`, from `start` to `end`, stands at `at`. */
  readonly holds: (at: number, expected: Uint8Array, start: number, end: number) => boolean;
  /** Whether a range, of 8 bytes at least, is its first 8 bytes again and again. */
  readonly repeats: (from: number, to: number) => boolean;
}

const WORD = 8;

/** By `memcmp` where there is Node; a browser has nothing that is quicker than to write. */
export function createSameTest(bytes: Uint8Array): SameTest {
  if (typeof Buffer === "undefined") return { holds: () => false, repeats: () => false };
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    holds: (at, expected, start, end) =>
      view.compare(expected, start, end, at, at + end - start) === 0,
    // Compared with itself, moved by one word.
    repeats: (from, to) => view.compare(view, from + WORD, to, from, to - WORD) === 0,
  };
}
