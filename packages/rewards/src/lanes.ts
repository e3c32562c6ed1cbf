import { type Amount, type ChainParameters, type ProofBody, toAmount } from "@aethel/models";
import { ceiling, least, MILLION, natural } from "./ratio.ts";

/** Part of a block with a reserved share and a base fee of its own. */
export type Lane = "invoke" | "judged";

/** Lane of a kind of proof: `judged` for what goes to the Judge. */
export function laneOf(type: ProofBody["type"]): Lane {
  return type === "invoke" ? "invoke" : "judged";
}

/** Room that a proof, all proofs of a lane, or a lane's reserved share take of a block. */
export interface Room {
  readonly bytes: number;
  /** Units of execution. */
  readonly units: number;
  /** Units of the Judge. */
  readonly judging: number;
}

/** Room, and bytes by which the state grows: all that proofs of two lanes share a block for. */
export interface Use extends Room {
  readonly growth: number;
}

/** Limits of a block that decide what a lane's share is. */
export type BlockLimits = Pick<
  ChainParameters,
  "blockBytesMax" | "blockUnitsMax" | "blockResourceMax"
>;

/**
 * Reserved share of a lane: `floor(blockBytesMax / 2)` bytes and `floor(blockUnitsMax / 2)` units
 * of execution; all of `blockResourceMax`, the units of the Judge, is the judged lane's.
 */
export function laneShare(lane: Lane, limits: BlockLimits): Room {
  return {
    bytes: Math.floor(limits.blockBytesMax / 2),
    units: Math.floor(limits.blockUnitsMax / 2),
    judging: lane === "judged" ? limits.blockResourceMax : 0,
  };
}

/** Weight of a lane's whole reserved share. */
export const WHOLE_LANE = 1_000_000_000n;

/**
 * Weight of what is taken: the largest of its shares of bytes, execution and judging, in billionths
 * of the lane's reserved share, each rounded up: `max of ceil(taken x 10^9 / share)`. Judging counts
 * in the judged lane only.
 *
 * @throws RewardsError `RANGE` unless all are natural numbers up to 2^53-1.
 */
export function weightOf(room: Room, share: Room): bigint {
  const ofBytes = shareOf("bytes", room.bytes, share.bytes);
  const ofUnits = shareOf("units", room.units, share.units);
  const ofJudging = share.judging === 0 ? 0n : shareOf("judging", room.judging, share.judging);
  const larger = ofBytes > ofUnits ? ofBytes : ofUnits;
  return larger > ofJudging ? larger : ofJudging;
}

/**
 * Reserved share of a lane of what a block has for its proofs: the half of its bytes, of its units of
 * execution and of the growth of the state, rounded down; its judging is all the judged lane's.
 */
export function shareOfBlock(lane: Lane, block: Use): Use {
  return {
    bytes: Math.floor(block.bytes / 2),
    units: Math.floor(block.units / 2),
    judging: lane === "judged" ? block.judging : 0,
    growth: Math.floor(block.growth / 2),
  };
}

/**
 * Use that a lane makes of its share: the largest of its parts as in `weightOf`, and of the growth of
 * the state, in billionths. A share of 0 counts as used up by anything.
 *
 * @throws RewardsError `RANGE` unless all are natural numbers up to 2^53-1.
 */
export function useOf(use: Use, share: Use): bigint {
  const weight = weightOf(use, share);
  const ofGrowth = shareOf("growth", use.growth, share.growth);
  return weight > ofGrowth ? weight : ofGrowth;
}

/** Price of a weight, for each million units of weight: `ceil(price x weight / 10^6)`. */
export function weightPrice(price: bigint, weight: bigint): bigint {
  return ceiling({ numerator: price * weight, denominator: MILLION });
}

/** The base fee and the use of one lane in one block. */
export interface LaneUse {
  /** Micro-tokens for each million units of weight, in this block. */
  readonly baseFee: Amount;
  /** `useOf` the sums over all proofs of the lane, of its share of what this block had. */
  readonly used: bigint;
  /** The base fee is never below. */
  readonly floor: Amount;
}

/**
 * Base fee of the next block: EIP-1559's rule in integers, with half of the reserved share as its
 * target `T = 5 x 10^8`, `u = min(used, 2 T)`.
 *
 * - `u > T`: `baseFee + max(1, floor(baseFee x (u - T) / (8 T)))`, at most an eighth more.
 * - `u < T`: `floor(baseFee x 8 T / (8 T + (T - u)))`, at most a ninth less.
 * - then at least the floor, and at most `BASE_FEE_MAX`.
 *
 * The way down is the inverse of the way up, where EIP-1559 takes an eighth off. There a full block
 * and an empty one leave less than before, 63/64, so that blocks emptied on purpose lower the fee at
 * the same average use. Here they leave what there was.
 */
export function nextBaseFee({ baseFee, used, floor }: LaneUse): Amount {
  const use = least(used, WHOLE_LANE);
  let next: bigint = baseFee;
  if (use > TARGET) {
    const step = (baseFee * (use - TARGET)) / (STEP * TARGET);
    next = baseFee + (step > 1n ? step : 1n);
  } else if (use < TARGET) {
    next = (baseFee * STEP * TARGET) / (STEP * TARGET + TARGET - use);
  }
  return toAmount(least(next > floor ? next : floor, BASE_FEE_MAX));
}

/** Use of a lane at which its base fee stays. */
const TARGET = WHOLE_LANE / 2n;

/** A full share raises the base fee by one part of so many. */
const STEP = 8n;

/** With it a lane's share costs more than all tokens of the default schedule. */
export const BASE_FEE_MAX = 1n << 40n;

function shareOf(what: string, taken: number, of: number): bigint {
  const numerator = natural(what, taken) * WHOLE_LANE;
  return of === 0 ? numerator : ceiling({ numerator, denominator: BigInt(of) });
}
