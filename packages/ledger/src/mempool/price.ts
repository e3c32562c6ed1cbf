import type { ChainParameters } from "@aethel/models";
import { weightPrice } from "@aethel/rewards";
import { priceOf } from "../fees/price.ts";
import { mostTaken, type Offered, weightOfTaken } from "../fees/units.ts";

/** A fraction, never rounded. */
export interface Price {
  readonly over: bigint;
  readonly under: bigint;
}

/** What a proof offers, and the part of its lane that it may take. */
export interface Offer {
  /** Micro-tokens for each million units of weight, floor and tip. */
  readonly price: Price;
  /** The larger of its shares of the lane, when it uses its whole limit. */
  readonly weight: bigint;
  /** Units of execution that it may take. */
  readonly units: number;
  /** The highest base fee at which its fee limit suffices. */
  readonly baseFeeMax: number;
}

const MILLION = 1_000_000n;

/** Reads the offer of a proof that pays the floors. */
export function offerOf(offered: Offered, parameters: ChainParameters): Offer {
  const taken = mostTaken(offered);
  const weight = weightOfTaken(taken, parameters);
  const { feeLimit, tip = 0n } = offered.body;
  // The tip comes on top of the base, and both are rounded up to whole micro-tokens.
  const forBase = feeLimit - weightPrice(tip, weight);
  return {
    price: { over: priceOf(offered.body, parameters), under: 1n },
    weight,
    units: taken.units,
    baseFeeMax: forBase < 0n ? 0 : Number((forBase * MILLION) / weight),
  };
}

/** A price as a number, for orders alone; correctly rounded while both parts are below 2^53. */
export function ratioOf({ over, under }: Price): number {
  return Number(over) / Number(under);
}

/** Whether `left` is at least a tenth above `right`, exactly. */
export function isTenthAbove(left: Price, right: Price): boolean {
  return left.over * right.under * 10n >= right.over * left.under * 11n;
}

/** Whether `left` is at least `right`, exactly. */
export function isAtLeast(left: Price, right: Price): boolean {
  return left.over * right.under >= right.over * left.under;
}

/** A price divided among `count`: what the last of so many in a row counts for. */
export function spread({ over, under }: Price, count: number): Price {
  return { over, under: under * BigInt(count) };
}
