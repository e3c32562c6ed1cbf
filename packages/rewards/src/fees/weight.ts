import { ceiling, greatest, MILLION, natural } from "../ratio.ts";
import type { Room, Use } from "./lanes.ts";

/** Weight of a lane's whole reserved share, in billionths of that share. */
export const WHOLE_LANE = 1_000_000_000n;

/**
 * Computes the weight of what a proof takes. Bytes, execution and judging are each divided by the
 * lane's reserved share, in billionths rounded up, and the largest of the three is the weight: `max
 * of ceil(taken x 10^9 / share)`. Judging counts only in the lane `judged`.
 *
 * @throws RewardsError `RANGE` unless all are natural numbers up to 2^53-1.
 */
export function weightOf(room: Room, share: Room): bigint {
  return greatest(
    partOf("bytes", room.bytes, share.bytes),
    partOf("units", room.units, share.units),
    share.judging === 0 ? 0n : partOf("judging", room.judging, share.judging),
  );
}

/**
 * Computes the use of a lane's share, in billionths: the largest of the parts as in `weightOf`, and
 * of the state growth. If a share is 0, anything that is taken counts as at least the whole share.
 *
 * @throws RewardsError `RANGE` unless all are natural numbers up to 2^53-1.
 */
export function useOf(use: Use, share: Use): bigint {
  return greatest(weightOf(use, share), partOf("growth", use.growth, share.growth));
}

/**
 * Computes the price of a weight: `ceil(price x weight / 10^6)`. `price` is for each million units
 * of weight.
 */
export function weightPrice(price: bigint, weight: bigint): bigint {
  return ceiling({ numerator: price * weight, denominator: MILLION });
}

function partOf(what: string, taken: number, share: number): bigint {
  const numerator = natural(what, taken) * WHOLE_LANE;
  return share === 0 ? numerator : ceiling({ numerator, denominator: BigInt(share) });
}
