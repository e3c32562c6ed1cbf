import { type Digest, type Sequence, toDigest, type ValidatorSet } from "@aethel/models";
import type { ApplicationHead } from "../ports.ts";

const DIGEST_BYTES = 32;

/**
 * Most blocks whose digest is kept, which take 32 MiB. Histories that differ do so early, so later
 * digests are not needed.
 */
export const TRAIL_MAX = 1_048_576;

/** Validator sets that vote on a sequence and on the one before it. */
export interface VotingSets {
  readonly set: ValidatorSet;
  readonly previousSet: ValidatorSet;
}

/**
 * Digests of the blocks that this replica followed from a head on, with the sets that voted on
 * them.
 */
export interface Trail {
  /**
   * Records the digest of the block after `head`. Does nothing if it is not the next block of the
   * trail, or if the trail is full.
   */
  record(digest: Digest, head: ApplicationHead): void;
  /**
   * Returns the last recorded sequence. If none is recorded, returns the sequence after which the
   * trail begins.
   */
  end(): number;
  digestAt(sequence: number): Digest | undefined;
  setsAt(sequence: number): VotingSets | undefined;
}

/**
 * Creates a trail (digests of the blocks that this replica followed) that begins after the block of
 * `start`.
 */
export function createTrail(start: Sequence): Trail {
  let digests = new Uint8Array(64 * DIGEST_BYTES);
  let length = 0;
  const changes: (VotingSets & { readonly from: number })[] = [];
  return {
    record(digest, head) {
      const at = head.header.sequence + 1;
      if (at !== start + length + 1 || length >= TRAIL_MAX) return;
      if ((length + 1) * DIGEST_BYTES > digests.length) {
        const larger = new Uint8Array(2 * digests.length);
        larger.set(digests);
        digests = larger;
      }
      digests.set(digest, length * DIGEST_BYTES);
      length += 1;
      const last = changes.at(-1);
      const { validators: set, previousValidators: previousSet } = head;
      if (last?.set === set && last.previousSet === previousSet) return;
      changes.push({ from: at, set, previousSet });
    },
    end: () => start + length,
    digestAt(sequence) {
      const at = sequence - start - 1;
      if (at < 0 || at >= length) return undefined;
      return toDigest(digests.slice(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES));
    },
    setsAt: (sequence) => changes.findLast(({ from }) => from <= sequence),
  };
}
