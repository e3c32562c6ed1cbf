/**
 * A hasher on `@chainsafe/hashtree`, native code that hashes many 64-byte blocks at once.
 *
 * The digests, and so the roots, are those of every other hasher. The package is an optional
 * dependency, with binaries for some platforms: where it is missing, this import fails, and says
 * so; `createSimdHasher` needs nothing.
 *
 * @example
 * ```ts
 * import { createTree } from "@aethel/merkle";
 * import { createHashtreeHasher } from "@aethel/merkle/hashtree";
 *
 * const tree = createTree({ hasher: createHashtreeHasher() });
 * ```
 *
 * @packageDocumentation
 */

import { hashInto } from "@chainsafe/hashtree";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import { createSimdHasher } from "../hashing/simd-hasher.ts";

/**
 * Inner nodes and values of 64 bytes are hashed by hashtree; what has another length by
 * `createSimdHasher`, or by noble where there is no WebAssembly.
 */
export function createHashtreeHasher(): Hasher {
  const { digest, digestEach } = createSimdHasher() ?? nobleHasher;
  return {
    digest: (message) => {
      if (message.length !== 64) return digest(message);
      const digests = new Uint8Array(32);
      hashInto(message, digests);
      return digests;
    },
    digestPairs: ({ pairs, digests }) => hashInto(pairs, digests),
    digestEach,
  };
}
