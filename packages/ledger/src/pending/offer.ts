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

/** Exact fraction. */
export interface Price {
  readonly over: bigint;
  readonly under: bigint;
}

/** Price of a proof, with the room of its lane that it may take. */
export interface Offer {
  /**
   * Micro-tokens for each million units of weight: the lowest base fee of the lane, and the tip.
   */
  readonly price: Price;
  /** Weight of the proof when it uses its whole limit. */
  readonly weight: bigint;
  /** Execution units that it may take when its program is loaded, without its record. */
  readonly units: number;
  /** Units of loading its program. */
  readonly loading: number;
  /** Most growth of the state in bytes, without its record. */
  readonly growth: number;
  /** Highest base fee at which its fee limit suffices; -1 where none is low enough. */
  readonly baseFeeMax: number;
}

const MILLION = 1_000_000n;

/** Costs of a call beside its body, in a block that has not loaded its program. */
export interface Beside {
  readonly programUnits: number;
  /** Number of cosigners without an account. */
  readonly newCosigners: number;
  /** Most growth of the state in bytes. Default: that of its signers. */
  readonly growth?: number;
}

/** Computes the offer of a proof at its highest cost. */
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

/**
 * Converts a price to a number, for ordering only. It is correctly rounded while both parts are
 * below 2^53.
 */
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

/** Divides a price among `count` proofs in a row. */
export function spread(price: Price, count: number): Price {
  if (count === 1) return price;
  return { over: price.over, under: price.under * BigInt(count) };
}
