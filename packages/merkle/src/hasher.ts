import { sha256 } from "@aethel/models";

/**
 * How the tree computes SHA-256. Every hasher MUST give the same digests: only its speed is free.
 * Inner nodes are hashed level by level, so an implementation that is faster in batches gets them.
 */
export interface Hasher {
  /** SHA-256 of one message, in an array that nothing else holds. */
  readonly digest: (message: Uint8Array) => Uint8Array;
  /**
   * SHA-256 of each 64-byte block of `pairs`, written one after the other into `digests`, which
   * has half the length of `pairs`. MUST NOT keep either array.
   */
  readonly digestPairs: (options: {
    readonly pairs: Uint8Array;
    readonly digests: Uint8Array;
  }) => void;
}

/** The default: noble, in plain JavaScript, the same everywhere. */
export const nobleHasher: Hasher = {
  digest: sha256,
  digestPairs: ({ pairs, digests }) => {
    for (let from = 0, to = 0; from < pairs.length; from += 64, to += 32) {
      digests.set(sha256(pairs.subarray(from, from + 64)), to);
    }
  },
};
