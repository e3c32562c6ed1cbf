import { RewardsError } from "./errors.ts";

/** Basis points in a whole: 10,000 of them are 100 %. */
export const WHOLE_BASIS_POINTS = 10_000n;

/** The base reward and the price of resource are per this many units. */
export const MILLION = 1_000_000n;

/** The price of bytes is per this many. */
export const KIBIBYTE = 1_024n;

/** A quotient to be rounded; a record, so that the two sides cannot be swapped unseen. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** `ceil(numerator / denominator)` for `numerator >= 0`, `denominator > 0`. */
export function ceiling({ numerator, denominator }: Ratio): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** The least of some amounts. */
export function least(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((low, value) => (value < low ? value : low), first);
}

/**
 * `value` as a bigint.
 * @throws RewardsError `RANGE` unless it is in `0 .. 2^53-1`.
 */
export function natural(what: string, value: number): bigint {
  if (Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new RewardsError({ code: "RANGE", what, reason: `${value} is not in 0 .. 2^53-1` });
}
