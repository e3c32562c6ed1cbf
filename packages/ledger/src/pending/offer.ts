import { type ChainParameters, toAmount } from "@aethel/models";
import { stateFee } from "@aethel/rewards";
import { chargeFor } from "../fees/charge.ts";
import { highestCap, mostUsed, priceOf } from "../fees/price.ts";
import { type Offered, weightOfTaken } from "../fees/units.ts";
import {
  priceCovered,
  priceOfWeight,
  priceWholeLimit,
  type Reckoned,
} from "../fees/whole-limit.ts";
import { growthOfSigners } from "../metering/growth.ts";
import { signersIn } from "../metering/units.ts";

/** A fraction, never rounded. */
export interface Price {
  readonly over: bigint;
  readonly under: bigint;
}

/** Offer of a proof, and the part of its lane that it may take. */
export interface Offer {
  /** Micro-tokens for each million units of weight, floor and tip. */
  readonly price: Price;
  /** The larger of its shares of the lane, when it uses its whole limit. */
  readonly weight: bigint;
  /** Units of execution that it may take, where what it calls is loaded; a record comes on top. */
  readonly units: number;
  /** Units of loading what it calls. */
  readonly loading: number;
  /** Most bytes by which it can make the state grow; a record comes on top. */
  readonly growth: number;
  /** The highest base fee at which its fee limit suffices; -1 where none is low enough. */
  readonly baseFeeMax: number;
}

const MILLION = 1_000_000n;

/** Charge of a call beside its body: for a program that its block has not loaded. */
export interface Beside {
  readonly programUnits: number;
  /** Cosigners that the state knows nothing of. */
  readonly newCosigners: number;
  /** Most bytes by which it can make the state grow. Default: those of its signers. */
  readonly growth?: number;
}

/** Reads the offer of a proof, in the dearest case. */
export function offerOf(reckoned: Reckoned, parameters: ChainParameters, beside: Beside): Offer {
  const plain = plainOffer(reckoned, parameters, beside);
  return plain ?? exactOffer(reckoned.offered, parameters, beside);
}

/** `exactOffer` in plain numbers, or undefined where it takes bigints. */
function plainOffer(
  { offered, taken, priced: alone }: Reckoned,
  parameters: ChainParameters,
  beside: Beside,
): Offer | undefined {
  const { body } = offered;
  const { programUnits } = beside;
  const loaded = { ...taken, units: taken.units + programUnits };
  const priced =
    programUnits === 0 ? alone : priceWholeLimit(loaded, body.resourceLimit, parameters);
  if (priced === undefined) return undefined;
  const { weight, required } = priced;
  const { tip = 0n } = body;
  const ofTip = tip === 0n ? 0 : priceOfWeight(Number(tip), weight);
  const top = ofTip + beside.newCosigners * Number(parameters.creationFee);
  const feeLimit = Number(body.feeLimit);
  const most = priceCovered(feeLimit, weight);
  if (Number.isNaN(most) || !Number.isSafeInteger(top)) return undefined;
  return {
    price: { over: priceOf(body, parameters), under: 1n },
    weight: BigInt(weight),
    units: taken.units,
    loading: programUnits,
    growth: beside.growth ?? growthOfSigners(signersIn(body)),
    baseFeeMax: required + top > feeLimit ? -1 : priceCovered(feeLimit - top, weight),
  };
}

/** `offerOf` from the formulas of the charge. @internal */
export function exactOffer(offered: Offered, parameters: ChainParameters, beside: Beside): Offer {
  const { body } = offered;
  const growth = { entries: beside.newCosigners, bytes: 0 };
  const usage = { ...mostUsed(offered, parameters, { units: beside.programUnits }), growth };
  const weight = weightOfTaken(usage.taken, parameters);
  const least = chargeFor(body, usage, {
    parameters,
    baseFees: NO_BASE_FEES,
    cap: highestCap(parameters),
  });
  // The base takes the place of what is required; the rest comes on top of either.
  const top = least.tip + stateFee(growth, parameters);
  const most = ((body.feeLimit - top) * MILLION) / weight;
  return {
    price: { over: priceOf(body, parameters), under: 1n },
    weight,
    units: usage.taken.units - beside.programUnits,
    loading: beside.programUnits,
    growth: beside.growth ?? growthOfSigners(signersIn(body)),
    baseFeeMax: least.charged > body.feeLimit ? -1 : Number(most),
  };
}

const NO_BASE_FEES = { invoke: toAmount(0n), judged: toAmount(0n) };

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
export function spread(price: Price, count: number): Price {
  if (count === 1) return price;
  return { over: price.over, under: price.under * BigInt(count) };
}
