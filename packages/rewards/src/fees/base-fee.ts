import { type Amount, toAmount } from "@aethel/models";
import { greatest, least } from "../ratio.ts";
import { WHOLE_LANE } from "./weight.ts";

/**
 * Largest base fee. With it, the whole share of a lane (a part of a block) costs more than all
 * tokens of the default emission.
 */
export const BASE_FEE_MAX = 1n << 40n;

/**
 * Use of a lane (a part of a block) at which its base fee does not change: half of its reserved
 * share.
 */
const TARGET = WHOLE_LANE / 2n;

/**
 * Divisor of the largest step: when a lane's whole share is used, its base fee rises by an eighth.
 */
const STEP = 8n;

/** Base fee and use of one lane, a part of a block with a reserved share. */
export interface LaneUse {
  /** Base fee in this block, in micro-tokens for each million units of weight. */
  readonly baseFee: Amount;
  /**
   * Used part of the lane's share in this block, in billionths: the result of `useOf` for the sums
   * over all proofs of the lane.
   */
  readonly used: bigint;
  /** Least base fee, in micro-tokens for each million units of weight. */
  readonly floor: Amount;
}

/**
 * Computes the base fee of the next block. This is the rule of EIP-1559 in integers. Half of the
 * lane's share is the target `T = 5 x 10^8`, and `u = min(used, 2 T)`.
 *
 * - `u > T`: `baseFee + max(1, floor(baseFee x (u - T) / (8 T)))`, at most an eighth more.
 * - `u < T`: `floor(baseFee x 8 T / (8 T + (T - u)))`, at most a ninth less.
 * - then at least the floor, and at most `BASE_FEE_MAX`.
 *
 * A decrease is the inverse of an increase, but in EIP-1559 it subtracts an eighth. There, a full
 * block and an empty one together leave 63/64 of the fee, so a proposer of empty blocks could lower
 * the fee while the average use stays the same. Here they leave the fee as it was.
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
