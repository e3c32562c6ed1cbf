import type { Digest } from "@aethel/models";

/** Blocks that take every node long to verify: proofs that are dear to judge, and paid for. */
export interface SlowBlocks {
  /** Part of all blocks, from 0 to 1. */
  readonly rate: number;
  /** Time that each of them takes beside the usual. */
  readonly judgingMs: number;
}

/** Milliseconds that the verification of a block takes longer, by its digest alone. */
export function slownessOf(digest: Digest, slow: SlowBlocks | undefined): number {
  if (slow === undefined) return 0;
  const [high = 0, low = 0] = digest;
  return high * 256 + low < slow.rate * 65_536 ? slow.judgingMs : 0;
}

/** Problems of such an option, as `TestkitError` lists them. */
export function findSlowBlocksProblems(slow: SlowBlocks | undefined): readonly string[] {
  if (slow === undefined) return [];
  const isRate = slow.rate >= 0 && slow.rate <= 1;
  return isRate && slow.judgingMs >= 0 ? [] : ["slowBlocks: a rate from 0 to 1, and a time"];
}
