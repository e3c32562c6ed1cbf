import type { Hasher } from "@aethel/merkle";
import { createHashtreeHasher } from "@aethel/merkle/hashtree";
import { hash } from "@chainsafe/hashtree";

/** Hasher that a node would use: hashtree for pairs, WebAssembly SIMD for the rest. */
export const hashtreeHasher: Hasher = createHashtreeHasher();

/** Calls of a hasher by one piece of work. */
export interface Count {
  hashes: number;
}

/** Wraps a hasher to count 64-byte blocks in batches, and all other messages one by one. */
export function counting(hasher: Hasher, count: Count): Hasher {
  const { digestEach } = hasher;
  return {
    digest: (message) => {
      count.hashes++;
      return hasher.digest(message);
    },
    digestPairs: (batch) => {
      count.hashes += batch.pairs.length / 64;
      hasher.digestPairs(batch);
    },
    digestEach:
      digestEach === undefined
        ? undefined
        : (batch) => {
            count.hashes += batch.digests.length / 32;
            digestEach(batch);
          },
  };
}

/** Hashes `blocks` blocks of 64 bytes with hashtree and nothing else: the limit of the machine. */
export function rawHashes(blocks: number): () => void {
  const chunk = new Uint8Array(64 * 4096).fill(0x5a);
  const rest = chunk.subarray(0, 64 * (blocks % 4096));
  return () => {
    for (let at = 0; at + 4096 <= blocks; at += 4096) hash(chunk);
    if (rest.length > 0) hash(rest);
  };
}
