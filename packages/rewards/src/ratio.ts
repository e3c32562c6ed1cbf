import { RewardsError } from "./errors.ts";

/** Basis points in a whole: 10,000 of them are 100 %. */
export const WHOLE_BASIS_POINTS = 10_000n;

/** Number of units to which the base reward, the price of resource and prices of weight refer. */
export const MILLION = 1_000_000n;

/** Number of bytes to which the prices of bytes and of state refer. */
export const KIBIBYTE = 1_024n;

/**
 * Fraction that is to be rounded. Its fields have names, so that a call cannot swap them unnoticed.
 */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Computes `ceil(numerator / denominator)`, for `numerator >= 0` and `denominator > 0`. */
export function ceiling({ numerator, denominator }: Ratio): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** Returns the smallest of some integers. */
export function least(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((low, value) => (value < low ? value : low), first);
}

/** Returns the largest of some integers. */
export function greatest(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((high, value) => (value > high ? value : high), first);
}

/**
 * Converts a natural number to a bigint.
 * @throws RewardsError `RANGE` unless it is in `0 .. 2^53-1`.
 */
export function natural(what: string, value: number): bigint {
  if (Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new RewardsError({ code: "RANGE", what, reason: `${value} is not in 0 .. 2^53-1` });
}
