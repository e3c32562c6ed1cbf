import { sha256 } from "@aethel/models";

/**
 * How the tree computes SHA-256. Every hasher MUST give the same digests: only its speed is free.
 * What can be hashed in batches is: inner nodes level by level, and, where there is `digestEach`,
 * keys, values and leaves as well.
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
  /**
   * SHA-256 of each message of `length` bytes, a positive number, of which `messages` is made, written one after the other into `digests`. MUST NOT keep either array. For a hasher to
   * which a batch means nothing it is absent, and `digest` is called for each message.
   */
  readonly digestEach?:
    | ((options: {
        readonly messages: Uint8Array;
        readonly length: number;
        readonly digests: Uint8Array;
      }) => void)
    | undefined;
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
