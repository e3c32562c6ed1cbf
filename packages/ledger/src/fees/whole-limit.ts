import type { ChainParameters } from "@aethel/models";
import {
  emissionCapMost,
  type Lane,
  laneShare,
  MINIMUM_BURN_BASIS_POINTS,
  WHOLE_LANE,
} from "@aethel/rewards";
import { mostTaken, type Offered, type Taken } from "./units.ts";

/**
 * Weight and fee of a proof that uses its whole resource limit, as numbers instead of bigints.
 * Every submitted proof is priced before anybody has paid for the pricing, and bigints take four to
 * five times as long (measured).
 */
export interface WholeLimit {
  /** Weight of the proof: the value of `weightOfTaken`. */
  readonly weight: number;
  /**
   * Least fee for the proof's work: the value of `requiredFee` in micro-tokens, for the highest
   * emission cap.
   */
  readonly required: number;
}

/** Proof before its execution, with the most resources that it takes. */
export interface Reckoned {
  readonly offered: Offered;
  readonly taken: Taken;
  /**
   * Weight and fee of the proof as numbers. Undefined if numbers are not exact enough for this
   * proof.
   */
  readonly priced: WholeLimit | undefined;
}

/** Computes the most resources that a proof takes, and its price, from the proof's body alone. */
export function reckon(offered: Offered, parameters: ChainParameters): Reckoned {
  const taken = mostTaken(offered);
  const priced = priceWholeLimit(taken, offered.body.resourceLimit, parameters);
  return { offered, taken, priced };
}

/**
 * Computes weight and price of a proof that takes `taken` and has the resource limit `limit`.
 * Undefined if some product is above 2^52: then only bigints are exact.
 */
export function priceWholeLimit(
  taken: Taken,
  limit: number,
  parameters: ChainParameters,
): WholeLimit | undefined {
  const rates = ratesOf(parameters);
  const { lane, bytes, units, judging } = taken;
  const share = rates[lane];
  const weight = Math.max(
    up(bytes, share.bytes),
    up(units, share.units),
    up(judging, share.judging),
  );
  const resource = lane === "invoke" ? units : units + judging + rates.judgingUnits;
  const fee = upOf(resource * rates.resource + bytes * rates.bytes, rates.fee);
  const required = lane === "invoke" ? Math.max(fee, feeToMint(limit, rates)) : fee;
  return fits(weight) && fits(resource) && fits(required) ? { weight, required } : undefined;
}

/**
 * Computes the same as `weightPrice`, with numbers instead of bigints. NaN if a product is above
 * 2^52.
 */
export function priceOfWeight(price: number, weight: number): number {
  return upOf(price * weight, MILLION);
}

/**
 * Computes `floor(amount x 10^6 / weight)`, the highest price that an amount covers. NaN if a
 * product is above 2^52.
 */
export function priceCovered(amount: number, weight: number): number {
  const product = amount * MILLION;
  return fits(product) && fits(weight) ? Math.floor(product / weight) : Number.NaN;
}

/**
 * Returns the least fee of a call with this resource limit that burns enough for the difficulty
 * that the call may reach. NaN if a product is above 2^52.
 */
function feeToMint(limit: number, rates: Rates): number {
  const difficulty = down(limit, rates.difficulty);
  if (difficulty === 0) return 0;
  const minted = Math.min(up(difficulty, rates.reward), rates.cap);
  return up(up(minted, BURNED) + FLOORS_TIPPED, rates.burning);
}

/**
 * Largest numerator and denominator of an exact division of doubles. For whole numbers up to this
 * bound, a quotient that is not whole is never rounded to a whole number, because its distance from
 * one is more than half a step of a double.
 */
const FIT_MAX = 2 ** 52;

function fits(value: number): boolean {
  return value <= FIT_MAX;
}

/** Fraction in lowest terms: `over` divided by `under`. */
interface Rate {
  readonly over: number;
  readonly under: number;
}

function up(value: number, { over, under }: Rate): number {
  return upOf(value * over, under);
}

function upOf(product: number, under: number): number {
  return fits(product) ? Math.ceil(product / under) : Number.NaN;
}

function down(value: number, { over, under }: Rate): number {
  const product = value * over;
  return fits(product) ? Math.floor(product / under) : Number.NaN;
}

/** Parameters of a chain as factors. A factor is NaN if it is too large for exact division. */
interface Rates
  extends Readonly<Record<Lane, Readonly<Record<"bytes" | "units" | "judging", Rate>>>> {
  /**
   * Factor of the resource units in the fee of work, which is `(units x resource + bytes x bytes) /
   * fee`.
   */
  readonly resource: number;
  readonly bytes: number;
  readonly fee: number;
  readonly judgingUnits: number;
  readonly difficulty: Rate;
  readonly reward: Rate;
  readonly cap: number;
  readonly burning: Rate;
}

const MILLION = 1_000_000;

const KIBIBYTE = 1_024n;

const WHOLE_BASIS_POINTS = 10_000n;

const FLOORS_TIPPED = 2;

const BURNED = rateOf(BigInt(MINIMUM_BURN_BASIS_POINTS), WHOLE_BASIS_POINTS);

/** Cache of the factors of chain parameters. */
const known = new WeakMap<ChainParameters, Rates>();

function ratesOf(parameters: ChainParameters): Rates {
  const found = known.get(parameters);
  if (found !== undefined) return found;
  const rates = reduce(parameters);
  known.set(parameters, rates);
  return rates;
}

function reduce(parameters: ChainParameters): Rates {
  const million = BigInt(MILLION);
  const [resource, bytes] = [parameters.resourcePrice * KIBIBYTE, parameters.bytePrice * million];
  const fee = million * KIBIBYTE;
  const common = divisorOf(divisorOf(resource, bytes), fee);
  return {
    invoke: sharesOf("invoke", parameters),
    judged: sharesOf("judged", parameters),
    resource: numberOf(resource / common),
    bytes: numberOf(bytes / common),
    fee: numberOf(fee / common),
    judgingUnits: parameters.judgingUnits,
    difficulty: rateOf(BigInt(parameters.invokeDifficulty), million),
    reward: rateOf(parameters.baseReward, million),
    cap: Number(emissionCapMost(0, parameters)),
    burning: rateOf(WHOLE_BASIS_POINTS, BigInt(parameters.burnBasisPoints)),
  };
}

function sharesOf(lane: Lane, parameters: ChainParameters): Rates[Lane] {
  const { bytes, units, judging } = laneShare(lane, parameters);
  // As in `weightOf`: a share of 0 is used up by anything, and what a lane has no judging of is not
  // counted.
  const of = (share: number): Rate => rateOf(WHOLE_LANE, BigInt(Math.max(1, share)));
  return {
    bytes: of(bytes),
    units: of(units),
    judging: judging === 0 ? { over: 0, under: 1 } : of(judging),
  };
}

function rateOf(over: bigint, under: bigint): Rate {
  const common = divisorOf(over, under);
  return { over: numberOf(over / common), under: numberOf(under / common) };
}

function numberOf(value: bigint): number {
  const number = Number(value);
  return fits(number) ? number : Number.NaN;
}

/** Returns the greatest common divisor. At least one of the numbers MUST NOT be 0. */
function divisorOf(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
