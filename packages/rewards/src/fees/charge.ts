import { type Amount, toAmount } from "@aethel/models";
import type { EconomicParameters } from "../parameters.ts";
import { ceiling, greatest, KIBIBYTE, natural } from "../ratio.ts";
import { burnedPart, type MintingWork, requiredFee } from "./fees.ts";
import { weightPrice } from "./weight.ts";

/** Additions of one transaction to the state. */
export interface StateGrowth {
  /** Number of new accounts, holdings, validator records and key records. */
  readonly entries: number;
  /** Number of bytes of keys and values of published intents, theorems, assets and certificates. */
  readonly bytes: number;
}

/** Growth of a transaction that adds nothing to the state. */
export const NO_GROWTH: StateGrowth = { entries: 0, bytes: 0 };

/**
 * Computes the price of state growth, in micro-tokens: `entries x creationFee + ceil(bytes x
 * statePrice / 1,024)`. All of it is burned.
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

/** Values from which the charge of a proof is computed. */
export interface Priced {
  readonly work: MintingWork;
  /** Weight of the proof, as `weightOf` computes it. */
  readonly weight: bigint;
  /**
   * Base fee of the proof's lane in its block, in micro-tokens for each million units of weight.
   */
  readonly baseFee: Amount;
  /** Tip that the author offers the proposer, in micro-tokens for each million units of weight. */
  readonly tip: bigint;
  readonly growth: StateGrowth;
}

/** Charge of a proof and its parts, in micro-tokens: `charged = burned + tip + rest`. */
export interface Charge {
  readonly charged: bigint;
  /** Part that is removed from the supply. It includes the price of state growth. */
  readonly burned: bigint;
  /** Part of the charge that goes to the proposer of the block. */
  readonly tip: bigint;
  /** Part of the charge that goes to the treasury. */
  readonly rest: bigint;
}

/**
 * Computes the charge of a proof:
 *
 * - `base = ceil(baseFee x weight / 10^6)`, `core = max(requiredFee(work), base)`
 * - `tip = ceil(tip price x weight / 10^6)`, `state = stateFee(growth)`
 * - `charged = core + tip + state`
 * - `burned = max(burnedPart(core), base) + state`, `rest = charged - burned - tip`
 *
 * So the burned part is at least the base fee and at least `minimumBurn`, whatever the proposer
 * gets. `charged` may exceed the largest amount; then no fee limit covers it.
 */
export function chargeOf(priced: Priced, parameters: EconomicParameters): Charge {
  const { work, weight, baseFee, growth } = priced;
  const base = weightPrice(baseFee, weight);
  const required = requiredFee(work, parameters);
  const core = toAmount(greatest(required, base));
  const tip = weightPrice(priced.tip, weight);
  const state = stateFee(growth, parameters);
  const burned = greatest(burnedPart(core, parameters), base) + state;
  const charged = core + tip + state;
  return { charged, burned, tip, rest: charged - burned - tip };
}
