import { type Amount, toAmount } from "@aethel/models";
import { greatest, least } from "../ratio.ts";
import { WHOLE_LANE } from "./weight.ts";

/** Largest base fee: a lane's share then costs more than all tokens of the default schedule. */
export const BASE_FEE_MAX = 1n << 40n;

/** Use of a lane at which its base fee stays the same. */
const TARGET = WHOLE_LANE / 2n;

/** Divisor of the largest step: a full share raises the base fee by an eighth. */
const STEP = 8n;

/** Base fee and use of one lane in one block. */
export interface LaneUse {
  /** Micro-tokens for each million units of weight, in this block. */
  readonly baseFee: Amount;
  /** `useOf` the sums over all proofs of the lane, relative to its share of this block. */
  readonly used: bigint;
  /** Least base fee. */
  readonly floor: Amount;
}

/**
 * Base fee of the next block: the rule of EIP-1559 in integers, with half of the reserved share as
 * the target `T = 5 x 10^8`, and `u = min(used, 2 T)`.
 *
 * - `u > T`: `baseFee + max(1, floor(baseFee x (u - T) / (8 T)))`, at most an eighth more.
 * - `u < T`: `floor(baseFee x 8 T / (8 T + (T - u)))`, at most a ninth less.
 * - then at least the floor, and at most `BASE_FEE_MAX`.
 *
 * A decrease is the inverse of the increase, where EIP-1559 subtracts an eighth. In EIP-1559 a full
 * block and an empty one together leave 63/64 of the fee, so a proposer of empty blocks could lower
 * the fee at the same average use. Here they leave the fee as it was.
 */
export function nextBaseFee({ baseFee, used, floor }: LaneUse): Amount {
  const use = least(used, WHOLE_LANE);
  let next: bigint = baseFee;
  if (use > TARGET) {
    next = baseFee + greatest(1n, (baseFee * (use - TARGET)) / (STEP * TARGET));
  } else if (use < TARGET) {
    next = (baseFee * STEP * TARGET) / (STEP * TARGET + TARGET - use);
  }
  return toAmount(least(greatest(next, floor), BASE_FEE_MAX));
}
