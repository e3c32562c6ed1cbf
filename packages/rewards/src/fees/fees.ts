import {
  type Amount,
  type Difficulty,
  type Resource,
  toAmount,
  toDifficulty,
  toResource,
} from "@aethel/models";
import { type EconomicParameters, MINIMUM_BURN_BASIS_POINTS } from "../parameters.ts";
import {
  ceiling,
  greatest,
  KIBIBYTE,
  least,
  MILLION,
  natural,
  WHOLE_BASIS_POINTS,
} from "../ratio.ts";

/** Work that a proof causes on every validator. */
export interface Work {
  /**
   * Units of the Judge, or of the interpreter for an invoke. The whole limit for a verdict
   * `unknown`; the used units for an `uncertified` one.
   */
  readonly resource: Resource;
  /** Length of the proof's canonical encoding. */
  readonly bytes: number;
}

/** Difficulty that mints, and the cap of its block. */
export interface Minting {
  /** 0 for a proof that mints nothing. */
  readonly difficulty: Difficulty;
  /**
   * Most that the block may mint: `emissionCap` of its span, or `emissionCapMost` for a quote that
   * suffices in any later block.
   */
  readonly cap: Amount;
}

/** Work with the difficulty that it mints for. */
export interface MintingWork extends Work, Minting {}

/** Fee in two parts, which add up to it. */
export interface SplitFee {
  /** Part that is removed from the supply. */
  readonly burned: Amount;
  /** Part that the ledger pays out. Farming loses even if the author gets all of it back. */
  readonly rest: Amount;
}

/**
 * Difficulty of an invoke that used `units` of execution:
 * `floor(invokeDifficulty x units / 10^6)`, at most 2^53-1. Monotone.
 */
export function difficultyOfExecution(units: Resource, parameters: EconomicParameters): Difficulty {
  const difficulty = (BigInt(parameters.invokeDifficulty) * BigInt(units)) / MILLION;
  return toDifficulty(Number(least(difficulty, BigInt(Number.MAX_SAFE_INTEGER))));
}

/**
 * Units that a proof pays for that went to the Judge: `used + judgingUnits`, whatever the verdict.
 * An invoke needs no solver and pays for its units of execution alone.
 */
export function judgedUnits(used: Resource, parameters: EconomicParameters): Resource {
  return toResource(used + parameters.judgingUnits);
}

/**
 * Price of work, whatever its result:
 * `ceil(resource x resourcePrice / 10^6 + bytes x bytePrice / 1,024)`, rounded up once.
 *
 * @throws RewardsError `RANGE` unless `bytes` is a natural number up to 2^53-1.
 */
export function feeFor(work: Work, parameters: EconomicParameters): Amount {
  const bytes = natural("bytes", work.bytes);
  const numerator =
    BigInt(work.resource) * parameters.resourcePrice * KIBIBYTE +
    bytes * parameters.bytePrice * MILLION;
  return toAmount(ceiling({ numerator, denominator: MILLION * KIBIBYTE }));
}

/** Burned part of a fee: `floor(fee x burnBasisPoints / 10,000)`. */
export function burnedPart(fee: Amount, parameters: EconomicParameters): Amount {
  return toAmount((fee * BigInt(parameters.burnBasisPoints)) / WHOLE_BASIS_POINTS);
}

/** Splits a fee: `burned = burnedPart(fee)`, `rest = fee - burned`. */
export function splitFee(fee: Amount, parameters: EconomicParameters): SplitFee {
  const burned = burnedPart(fee, parameters);
  return { burned, rest: toAmount(fee - burned) };
}

/**
 * Least amount that a proof of this difficulty must burn:
 * `ceil(min(ceil(baseReward x difficulty / 10^6), cap) x 4,000 / 10,000) + 2`,
 * and 0 for difficulty 0. With `emissionCapMost` of any age as the cap, it suffices in every later
 * block.
 *
 * The inner minimum is the most that the proof can add to the amount that its block mints, with any
 * other proofs beside it. The ceilings and the two micro-tokens cover the rounding in favour of the
 * author: its proof can raise the block's reward by the inner ceiling, and its share and the bonus
 * by one micro-token each. Decision 015 says why it does not depend on the amount really minted.
 */
export function minimumBurn({ difficulty, cap }: Minting, parameters: EconomicParameters): Amount {
  if (difficulty === 0) return toAmount(0n);
  const base = ceiling({
    numerator: parameters.baseReward * BigInt(difficulty),
    denominator: MILLION,
  });
  const mints = least(base, cap);
  const part = ceiling({
    numerator: mints * BigInt(MINIMUM_BURN_BASIS_POINTS),
    denominator: WHOLE_BASIS_POINTS,
  });
  return toAmount(part + ROUNDING);
}

/**
 * Fee of work: `max(feeFor(work), ceil(minimumBurn(work) x 10,000 / burnBasisPoints))`, of which
 * `burnedPart` is at least `minimumBurn`.
 *
 * For work that mints nothing (a refuted proof, a false guard, a theorem that was recorded before
 * or has trust `solver`) the difficulty is 0 and the fee `feeFor(work)`. `mintingDifficulty` gives
 * the difficulty.
 */
export function requiredFee(work: MintingWork, parameters: EconomicParameters): Amount {
  const fee = feeFor(work, parameters);
  const floor = ceiling({
    numerator: minimumBurn(work, parameters) * WHOLE_BASIS_POINTS,
    denominator: BigInt(parameters.burnBasisPoints),
  });
  return toAmount(greatest(fee, floor));
}

/** Charged fee with the difficulty that it was charged for. */
export interface ChargedFee extends Minting {
  readonly fee: Amount;
}

/** Whether a fee burns at least `minimumBurn` of its difficulty. True for every `requiredFee`. */
export function burnsEnough(charged: ChargedFee, parameters: EconomicParameters): boolean {
  return burnedPart(charged.fee, parameters) >= minimumBurn(charged, parameters);
}

/** Most that rounding can add for the author: one for its share, one for its bonus. */
const ROUNDING = 2n;
