import { type ChainParameters, type ProofBody, toAmount } from "@aethel/models";
import { stateFee } from "@aethel/rewards";
import { loadingUnits, type ProgramLoad } from "../calls/find-program.ts";
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

/** Price as an exact fraction: `over` divided by `under`. */
export interface Price {
  readonly over: bigint;
  readonly under: bigint;
}

/** Price of a proof, and the most block resources that the proof may take. */
export interface Offer {
  /**
   * Micro-tokens for each million units of weight: the least base fee that the lane can have, plus
   * the tip.
   */
  readonly price: Price;
  /** Weight of the proof if it uses its whole resource limit. */
  readonly weight: bigint;
  /**
   * Most execution units of the proof, without those for loading its programs and for writing its
   * record.
   */
  readonly units: number;
  /** Different programs that the proof calls, with the execution units for loading them. */
  readonly loads: readonly ProgramLoad[];
  /** Most bytes by which the proof can grow the state, without its record. */
  readonly growth: number;
  /**
   * Highest base fee, in micro-tokens for each million units of weight, at which the proof's fee
   * limit suffices. -1 if it suffices at none.
   */
  readonly baseFeeMax: number;
}

const MILLION = 1_000_000n;

/** Costs of a proof that its body alone does not show: loading programs and creating accounts. */
export interface Beside {
  readonly loads: readonly ProgramLoad[];
  /** Number of cosigners without an account. */
  readonly newCosigners: number;
  /** Most bytes by which the call can grow the state. Default: the accounts of its signers. */
  readonly growth?: number;
}

/** Computes the offer of a proof at its highest possible cost. */
export function offerOf(reckoned: Reckoned, parameters: ChainParameters, beside: Beside): Offer {
  const plain = plainOffer(reckoned, parameters, beside);
  return plain ?? exactOffer(reckoned.offered, parameters, beside);
}

/**
 * Computes the same as `exactOffer`, with numbers instead of bigints. Undefined if numbers are not
 * exact enough for this proof.
 */
function plainOffer(
  { offered, taken, priced: alone }: Reckoned,
  parameters: ChainParameters,
  beside: Beside,
): Offer | undefined {
  const { body } = offered;
  const programUnits = loadingUnits(beside.loads);
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
    price: priceOfBody(body, parameters),
    weight: BigInt(weight),
    units: taken.units,
    loads: beside.loads,
    growth: beside.growth ?? growthOfSigners(signersIn(body)),
    baseFeeMax: required + top > feeLimit ? -1 : priceCovered(feeLimit - top, weight),
  };
}

/** Computes the same as `offerOf` with bigints, by the formulas of `chargeFor`. @internal */
export function exactOffer(offered: Offered, parameters: ChainParameters, beside: Beside): Offer {
  const { body } = offered;
  const programUnits = loadingUnits(beside.loads);
  const growth = { entries: beside.newCosigners, bytes: 0 };
  const usage = { ...mostUsed(offered, parameters, { units: programUnits }), growth };
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
    price: priceOfBody(body, parameters),
    weight,
    units: usage.taken.units - programUnits,
    loads: beside.loads,
    growth: beside.growth ?? growthOfSigners(signersIn(body)),
    baseFeeMax: least.charged > body.feeLimit ? -1 : Number(most),
  };
}

/** Returns the price that a proof offers. It follows from its body. */
export function priceOfBody(body: ProofBody, parameters: ChainParameters): Price {
  return { over: priceOf(body, parameters), under: 1n };
}

const NO_BASE_FEES = { invoke: toAmount(0n), judged: toAmount(0n) };

/**
 * Converts a price to a number, for ordering only. The result is correctly rounded if both parts
 * are below 2^53.
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

/** Divides a price by a number of proofs, exactly. */
export function spread(price: Price, count: number): Price {
  if (count === 1) return price;
  return { over: price.over, under: price.under * BigInt(count) };
}
