import { type Hasher, nobleHasher } from "./hasher.ts";
import { RESERVED_BYTES, simdModule } from "./sha256-simd.ts";

/** Part of WebAssembly that is used here; the language's own types do not declare it. */
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

/** Address of the digests: the first half of the memory is for messages. */
const DIGESTS = 131_072;
const ROOM = DIGESTS - RESERVED_BYTES;
const COUNT_MAX = DIGESTS / 32;
/**
 * Longest single message for the module, two blocks: noble is faster for longer ones (measured).
 */
const ALONE_MAX = 119;

/**
 * Creates a hasher in WebAssembly that hashes four messages at a time, in Node and in browsers.
 * It hashes keys, values, leaves and inner nodes, in batches several times as fast as noble.
 * Undefined on a platform without WebAssembly SIMD: use `nobleHasher` there.
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
