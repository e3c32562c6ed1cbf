import { type Amount, toAmount } from "@aethel/models";
import { burnedPart, type MintingWork, requiredFee } from "./fees.ts";
import { weightPrice } from "./lanes.ts";
import type { EconomicParameters } from "./parameters.ts";
import { ceiling, KIBIBYTE, natural } from "./ratio.ts";

/** Additions to the state by a transaction. */
export interface StateGrowth {
  /** Accounts, holdings and records of validators and of keys that were not there before. */
  readonly entries: number;
  /** Bytes of keys and values of published intents, theorems, assets and certificates. */
  readonly bytes: number;
}

/** A transaction that leaves nothing new in the state. */
export const NO_GROWTH: StateGrowth = { entries: 0, bytes: 0 };

/**
 * Price of what stays in the state: `entries x creationFee + ceil(bytes x statePrice / 1,024)`.
 * All of it is burned.
 *
 * @throws RewardsError `RANGE` unless both are natural numbers up to 2^53-1.
 */
export function stateFee(
  { entries, bytes }: StateGrowth,
  { creationFee, statePrice }: Pick<EconomicParameters, "creationFee" | "statePrice">,
): bigint {
  const ofBytes = ceiling({
    numerator: natural("bytes", bytes) * statePrice,
    denominator: KIBIBYTE,
  });
  return natural("entries", entries) * creationFee + ofBytes;
}

/** All that decides what a proof is charged. */
export interface Priced {
  readonly work: MintingWork;
  /** `weightOf` the work. */
  readonly weight: bigint;
  /** Of the proof's lane in its block. */
  readonly baseFee: Amount;
  /** Micro-tokens for each million units of weight that the author offers the proposer. */
  readonly tip: bigint;
  readonly growth: StateGrowth;
}

/** Charge of a proof, in its parts; `burned + tip + rest` is the whole. */
export interface Charge {
  readonly charged: bigint;
  /** Taken out of the supply, the price of state included. */
  readonly burned: bigint;
  /** For the proposer of the block. */
  readonly tip: bigint;
  /** For the treasury. */
  readonly rest: bigint;
}

/**
 * Charge of a proof:
 *
 * - `base = ceil(baseFee x weight / 10^6)`, `core = max(requiredFee(work), base)`
 * - `tip = ceil(tip price x weight / 10^6)`, `state = stateFee(growth)`
 * - `charged = core + tip + state`
 * - `burned = max(burnedPart(core), base) + state`, `rest = charged - burned - tip`
 *
 * So what is burned is never under the base fee, nor under `minimumBurn` of what the proof mints,
 * whatever the proposer gets. The sums may be above what an amount can be: then no fee limit covers
 * them.
 */
export function chargeOf(priced: Priced, parameters: EconomicParameters): Charge {
  const { work, weight, baseFee, growth } = priced;
  const base = weightPrice(baseFee, weight);
  const required = requiredFee(work, parameters);
  const core = required > base ? required : toAmount(base);
  const tip = weightPrice(priced.tip, weight);
  const state = stateFee(growth, parameters);
  const ofCore = burnedPart(core, parameters);
  const burned = (ofCore > base ? ofCore : base) + state;
  const charged = core + tip + state;
  return { charged, burned, tip, rest: charged - burned - tip };
}
