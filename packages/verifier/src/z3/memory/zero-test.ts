/** Test whether a range of bytes contains only zeros. */
export type ZeroTest = (from: number, to: number) => boolean;

const BLOCK = 1_048_576;
const WORD = 4;

/**
 * Creates the test. In Node it uses `memcmp`. In a browser, which has nothing faster, it compares
 * word by word.
 */
export function createZeroTest(bytes: Uint8Array): ZeroTest {
  return typeof Buffer === "undefined" ? scanning(bytes) : comparing(bytes);
}

function comparing(bytes: Uint8Array): ZeroTest {
  const zeros = Buffer.alloc(BLOCK);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (from, to) => {
    for (let at = from; at < to; at += BLOCK) {
      const end = Math.min(at + BLOCK, to);
      if (view.compare(zeros, 0, end - at, at, end) !== 0) return false;
    }
    return true;
  };
}

/**
 * Creates the test that compares word by word, as in a browser. Exported so that a test can compare
 * it with `memcmp`.
 */
export function scanning(bytes: Uint8Array): ZeroTest {
  const length = Math.floor(bytes.byteLength / WORD);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, length);
  return (from, to) => {
    let at = from;
    for (; at < to && at % WORD !== 0; at++) if (bytes[at] !== 0) return false;
    for (; at + WORD <= to; at += WORD) if (words[at / WORD] !== 0) return false;
    for (; at < to; at++) if (bytes[at] !== 0) return false;
    return true;
  };
}
