/**
 * A hasher on `@chainsafe/hashtree`, native code that hashes many 64-byte blocks at once.
 *
 * It gives the same digests and roots as every other hasher. The package is an optional dependency
 * with binaries for some platforms. Where it is not installed, this import fails;
 * `createSimdHasher` needs no dependency.
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
 * Creates a hasher that hashes 64-byte messages (inner nodes, some values) with hashtree. All other
 * messages go to `createSimdHasher`, or to noble on a platform without WebAssembly SIMD.
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
