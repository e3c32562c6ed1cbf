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

/** Work that a proof causes for every validator. */
export interface Work {
  /**
   * Units of the Judge, or of the interpreter for an invoke. With the verdict `unknown` it is the
   * whole limit, unless the code is `uncertified` (only the certificate is missing): then it is the
   * used units.
   */
  readonly resource: Resource;
  /** Number of bytes of the proof's canonical encoding. */
  readonly bytes: number;
}

/** Difficulty for which a proof mints, and the cap of its block. */
export interface Minting {
  /** Difficulty as `mintingDifficulty` counts it: 0 for a proof that mints nothing. */
  readonly difficulty: Difficulty;
  /**
   * Greatest number of micro-tokens that the block may mint: the result of `emissionCap` for the
   * block's span. For a fee that must suffice in every later block, it is the result of
   * `emissionCapMost`.
   */
  readonly cap: Amount;
}

/** Work of a proof, with the difficulty for which it mints. */
export interface MintingWork extends Work, Minting {}

/** Parts of a fee in micro-tokens. Their sum is the fee. */
export interface SplitFee {
  /** Part that is removed from the supply. */
  readonly burned: Amount;
  /**
   * Part that the ledger pays out. An author who submits proofs only to collect their rewards
   * (farming) loses even if all of this part comes back to the author.
   */
  readonly rest: Amount;
}

/**
 * Computes the difficulty of an invoke that used `units` of execution: `floor(invokeDifficulty x
 * units / 10^6)`, at most 2^53-1. It never falls when `units` grow.
 */
export function difficultyOfExecution(units: Resource, parameters: EconomicParameters): Difficulty {
  const difficulty = (BigInt(parameters.invokeDifficulty) * BigInt(units)) / MILLION;
  return toDifficulty(Number(least(difficulty, BigInt(Number.MAX_SAFE_INTEGER))));
}

/**
 * Computes the units for which a judged proof pays: `used + judgingUnits`, whatever the verdict. An
 * invoke needs no solver and pays only for its units of execution.
 */
export function judgedUnits(used: Resource, parameters: EconomicParameters): Resource {
  return toResource(used + parameters.judgingUnits);
}

/**
 * Computes the price of work in micro-tokens, whatever its result: `ceil(resource x resourcePrice /
 * 10^6 + bytes x bytePrice / 1,024)`, rounded up once.
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

/** Computes the burned part of a fee: `floor(fee x burnBasisPoints / 10,000)`. */
export function burnedPart(fee: Amount, parameters: EconomicParameters): Amount {
  return toAmount((fee * BigInt(parameters.burnBasisPoints)) / WHOLE_BASIS_POINTS);
}

/** Splits a fee: `burned = burnedPart(fee)`, `rest = fee - burned`. */
export function splitFee(fee: Amount, parameters: EconomicParameters): SplitFee {
  const burned = burnedPart(fee, parameters);
  return { burned, rest: toAmount(fee - burned) };
}

/**
 * Computes the least amount, in micro-tokens, that a proof of this difficulty must burn:
 * `ceil(min(ceil(baseReward x difficulty / 10^6), cap) x 4,000 / 10,000) + 2`, and 0 for difficulty
 * 0. With `emissionCapMost` of any age as the cap, the amount suffices in every later block.
 *
 * The inner minimum is the greatest amount by which this proof can raise what its block mints,
 * whatever other proofs the block has. The ceilings and the two micro-tokens cover rounding in
 * favour of the author: the proof can raise the block's reward by the inner ceiling, and the
 * author's share and bonus by one micro-token each. Decision 015 says why the amount really minted
 * does not matter.
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
 * Computes the fee of work: `max(feeFor(work), ceil(minimumBurn(work) x 10,000 /
 * burnBasisPoints))`. Of this fee, `burnedPart` is at least `minimumBurn`.
 *
 * Work that mints nothing (a refuted proof, a false guard, a theorem that was recorded before or
 * has trust `solver`) has difficulty 0, so its fee is `feeFor(work)`. `work.difficulty` must be the
 * result of `mintingDifficulty`.
 */
export function requiredFee(work: MintingWork, parameters: EconomicParameters): Amount {
  const fee = feeFor(work, parameters);
  const floor = ceiling({
    numerator: minimumBurn(work, parameters) * WHOLE_BASIS_POINTS,
    denominator: BigInt(parameters.burnBasisPoints),
  });
  return toAmount(greatest(fee, floor));
}

/** A charged fee, and the difficulty for which it was charged. */
export interface ChargedFee extends Minting {
  readonly fee: Amount;
}

/**
 * Whether a fee burns at least `minimumBurn` of its difficulty. This is true of every
 * `requiredFee`.
 */
export function burnsEnough(charged: ChargedFee, parameters: EconomicParameters): boolean {
  return burnedPart(charged.fee, parameters) >= minimumBurn(charged, parameters);
}

/**
 * Greatest number of micro-tokens that rounding can add for an author: one to its share and one to
 * its bonus.
 */
const ROUNDING = 2n;
