import { sha256 } from "@aethel/models";

/**
 * Implementation of SHA-256 that a tree uses. Hashers differ only in speed: all MUST give the same
 * digests. The tree hashes inner nodes in batches, and if there is `digestEach` also keys, values
 * and leaves.
 */
export interface Hasher {
  /** Hashes one message; the result is a new array. */
  readonly digest: (message: Uint8Array) => Uint8Array;
  /**
   * Hashes each 64-byte block of `pairs`, and writes the digests into `digests` in the same order.
   * `digests` has half the length of `pairs`. MUST NOT keep a reference to either array.
   */
  readonly digestPairs: (options: {
    readonly pairs: Uint8Array;
    readonly digests: Uint8Array;
  }) => void;
  /**
   * Hashes many messages of `length` bytes each. They follow one another in `messages`, and their
   * digests go into `digests` in the same order. `length` is positive. MUST NOT keep a reference to
   * either array. Undefined if batches gain nothing; then `digest` is called for each message.
   */
  readonly digestEach?:
    | ((options: {
        readonly messages: Uint8Array;
        readonly length: number;
        readonly digests: Uint8Array;
      }) => void)
    | undefined;
}

/** Default hasher: `sha256` of `@aethel/models`, which works on every platform. */
export const nobleHasher: Hasher = {
  digest: sha256,
  digestPairs: ({ pairs, digests }) => {
    for (let from = 0, to = 0; from < pairs.length; from += 64, to += 32) {
      digests.set(sha256(pairs.subarray(from, from + 64)), to);
    }
  },
};
