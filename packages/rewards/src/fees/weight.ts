import { ceiling, greatest, MILLION, natural } from "../ratio.ts";
import type { Room, Use } from "./lanes.ts";

/** Weight of a lane's whole reserved share. */
export const WHOLE_LANE = 1_000_000_000n;

/**
 * Weight of room: the largest of its shares of bytes, execution and judging, in billionths of the
 * lane's reserved share, each rounded up: `max of ceil(taken x 10^9 / share)`. Judging counts in
 * the judged lane only.
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
 * Use of a lane's share: the largest of its parts as in `weightOf`, and of the growth of the state,
 * in billionths. Anything that is taken of a share of 0 is at least the whole share.
 *
 * @throws RewardsError `RANGE` unless all are natural numbers up to 2^53-1.
 */
export function useOf(use: Use, share: Use): bigint {
  return greatest(weightOf(use, share), partOf("growth", use.growth, share.growth));
}

/** Price of a weight, for each million units of weight: `ceil(price x weight / 10^6)`. */
export function weightPrice(price: bigint, weight: bigint): bigint {
  return ceiling({ numerator: price * weight, denominator: MILLION });
}

function partOf(what: string, taken: number, share: number): bigint {
  const numerator = natural(what, taken) * WHOLE_LANE;
  return share === 0 ? numerator : ceiling({ numerator, denominator: BigInt(share) });
}
