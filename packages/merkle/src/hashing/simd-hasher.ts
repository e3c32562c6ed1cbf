import { type Hasher, nobleHasher } from "./hasher.ts";
import { RESERVED_BYTES, simdModule } from "./sha256-simd.ts";

/** What there is of WebAssembly here: no library of types for it comes with the language's. */
declare const WebAssembly:
  | {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: Exports };
    }
  | undefined;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly digest: (messages: number, count: number, length: number, digests: number) => void;
}

/** Half of the memory is for messages, half for digests. */
const DIGESTS = 131_072;
const ROOM = DIGESTS - RESERVED_BYTES;
const COUNT_MAX = DIGESTS / 32;
/** Two blocks: a longer message alone, in one lane of four, is hashed sooner by noble (measured). */
const ALONE_MAX = 119;

/**
 * SHA-256 in WebAssembly, four messages at a time: the digests of noble, several times as fast in
 * batches. For keys, values and leaves as well as for inner nodes, in Node and in browsers.
 * Undefined where WebAssembly with vectors is not to be had: then take `nobleHasher`.
 */
export function createSimdHasher(): Hasher | undefined {
  const instance = instantiate();
  if (instance === undefined) return undefined;
  const { digest: run, memory } = instance;
  const bytes = new Uint8Array(memory.buffer);
  const digestEach: NonNullable<Hasher["digestEach"]> = ({ messages, length, digests }) => {
    const count = messages.length / length;
    // A group of four must fit as a whole.
    const most = Math.min(Math.floor(ROOM / length), COUNT_MAX) & ~3;
    if (most === 0) {
      for (let at = 0; at < count; at++) {
        const message = messages.subarray(at * length, (at + 1) * length);
        digests.set(nobleHasher.digest(message), at * 32);
      }
      return;
    }
    for (let from = 0; from < count; from += most) {
      const part = Math.min(most, count - from);
      bytes.set(messages.subarray(from * length, (from + part) * length), RESERVED_BYTES);
      run(RESERVED_BYTES, part, length, DIGESTS);
      digests.set(bytes.subarray(DIGESTS, DIGESTS + part * 32), from * 32);
    }
  };
  return {
    digest: (message) => {
      const { length } = message;
      if (length === 0 || length > ALONE_MAX) return nobleHasher.digest(message);
      bytes.set(message, RESERVED_BYTES);
      run(RESERVED_BYTES, 1, length, DIGESTS);
      return bytes.slice(DIGESTS, DIGESTS + 32);
    },
    digestPairs: ({ pairs, digests }) => digestEach({ messages: pairs, length: 64, digests }),
    digestEach,
  };
}

function instantiate(): Exports | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(simdModule())).exports;
  } catch {
    // No vectors, or a content policy that forbids compilation: the digests are the same without.
    return undefined;
  }
}
