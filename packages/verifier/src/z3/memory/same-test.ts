/**
 * Test whether memory has certain bytes. The answer `false` may also mean that nothing was tested,
 * because a test would cost as much as writing.
 */
export interface SameTest {
  /**
   * Tells whether the bytes of the memory from `at` on equal those of `expected` from `start` to
   * `end`.
   */
  readonly holds: (at: number, expected: Uint8Array, start: number, end: number) => boolean;
  /** Tells whether a range of the memory, of at least 8 bytes, repeats its first 8 bytes. */
  readonly repeats: (from: number, to: number) => boolean;
}

const WORD = 8;

/**
 * Creates the test. In Node it uses `memcmp`. In a browser it always answers `false`, because no
 * test is faster than writing.
 */
export function createSameTest(bytes: Uint8Array): SameTest {
  if (typeof Buffer === "undefined") return { holds: () => false, repeats: () => false };
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    holds: (at, expected, start, end) =>
      view.compare(expected, start, end, at, at + end - start) === 0,
    // The range is compared with itself, moved by one word.
    repeats: (from, to) => view.compare(view, from + WORD, to, from, to - WORD) === 0,
  };
}
