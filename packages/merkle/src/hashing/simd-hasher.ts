import { type Hasher, nobleHasher } from "./hasher.ts";
import { RESERVED_BYTES, simdModule } from "./sha256-simd.ts";

/**
 * The parts of WebAssembly that are used here. TypeScript's own library does not declare them
 * without the DOM.
 */
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

/** Address of the digests. The memory before it is for messages. */
const DIGESTS = 131_072;
const ROOM = DIGESTS - RESERVED_BYTES;
const COUNT_MAX = DIGESTS / 32;
/**
 * Longest message, in bytes, for which `digest` uses the module: it fits into two blocks. For
 * longer ones noble is faster (measured).
 */
const ALONE_MAX = 119;

/**
 * Creates a hasher in WebAssembly, for Node and browsers. It hashes four messages at a time and is
 * several times as fast as noble in batches, which a tree uses for keys, values, leaves and inner
 * nodes. Undefined on a platform without WebAssembly SIMD: use `nobleHasher` there.
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
    // No SIMD, or a content security policy that forbids compilation.
    return undefined;
  }
}
