import type { ChainParameters, ProofBody } from "@aethel/models";

/** What a proof offers, and the part of a block that it takes for it; a fraction, never rounded. */
export interface Price {
  readonly fee: bigint;
  readonly share: bigint;
}

/**
 * Price of a proof: its fee limit over the larger of its shares of a block, by bytes and by units.
 * Both shares have the same denominator, so that it is left out.
 */
export function priceOf(body: ProofBody, bytes: number, parameters: ChainParameters): Price {
  const byBytes = BigInt(bytes) * BigInt(parameters.blockResourceMax);
  const byUnits = BigInt(body.resourceLimit) * BigInt(parameters.blockBytesMax);
  return { fee: body.feeLimit, share: byBytes > byUnits ? byBytes : byUnits };
}

/** Price as a number, for orders alone; correctly rounded while both parts are below 2^53. */
export function ratioOf({ fee, share }: Price): number {
  return Number(fee) / Number(share);
}

/** Whether `left` is at least a tenth above `right`, exactly. */
export function isTenthAbove(left: Price, right: Price): boolean {
  return left.fee * right.share * 10n >= right.fee * left.share * 11n;
}

/** Whether `left` is at least `right`, exactly. */
export function isAtLeast(left: Price, right: Price): boolean {
  return left.fee * right.share >= right.fee * left.share;
}

/** A price divided among `count`: what the last of so many in a row counts for. */
export function spread({ fee, share }: Price, count: number): Price {
  return { fee, share: share * BigInt(count) };
}
