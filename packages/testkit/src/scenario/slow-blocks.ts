import type { Digest } from "@aethel/models";

/** Blocks that take long to validate on every node, as blocks with expensive proofs do. */
export interface SlowBlocks {
  /** Fraction of the blocks that are slow, from 0 to 1. */
  readonly rate: number;
  /** Additional milliseconds that the validation of a slow block takes. */
  readonly judgingMs: number;
}

/**
 * Returns the additional milliseconds that the validation of a block takes. Only its digest decides
 * whether it is slow.
 */
export function slownessOf(digest: Digest, slow: SlowBlocks | undefined): number {
  if (slow === undefined) return 0;
  const [high = 0, low = 0] = digest;
  return high * 256 + low < slow.rate * 65_536 ? slow.judgingMs : 0;
}

/** Returns the problems of options for slow blocks, in words; none if they are sound. */
export function findSlowBlocksProblems(slow: SlowBlocks | undefined): readonly string[] {
  if (slow === undefined) return [];
  const isRate = slow.rate >= 0 && slow.rate <= 1;
  return isRate && slow.judgingMs >= 0
    ? []
    : [
        `slowBlocks: ${slow.rate} and ${slow.judgingMs} ms are not a rate from 0 to 1 and a time from 0`,
      ];
}
