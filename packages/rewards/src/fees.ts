import {
  type Amount,
  type Difficulty,
  type Resource,
  toAmount,
  toDifficulty,
  toResource,
} from "@aethel/models";
import { type EconomicParameters, MINIMUM_BURN_BASIS_POINTS } from "./parameters.ts";
import { ceiling, KIBIBYTE, least, MILLION, natural, WHOLE_BASIS_POINTS } from "./ratio.ts";

/** What a proof made every validator do and keep. */
export interface Work {
  /**
   * Units of the Judge, or of the interpreter for an invoke. For a verdict `unknown` the whole
   * limit, but for `uncertified` only what was used.
   */
  readonly resource: Resource;
  /** Length of the proof's canonical encoding. */
  readonly bytes: number;
}

/** A difficulty which mints, and where. 0 for what mints nothing. */
export interface Minting {
  readonly difficulty: Difficulty;
  /**
   * Most that its block may mint, `emissionCap` of the block's span. To quote what suffices in any
   * block: `emissionCapMost`.
   */
  readonly cap: Amount;
}

/** Work that ended in a difficulty which mints. */
export interface MintingWork extends Work, Minting {}

/** A fee in its two parts; they add up to it. */
export interface SplitFee {
  /** Taken out of the supply. */
  readonly burned: Amount;
  /** For whoever the ledger pays. Farming loses even if the author gets all of it back. */
  readonly rest: Amount;
}

/**
 * Difficulty of an invoke that took this many units of execution:
 * `floor(invokeDifficulty x units / 10^6)`, at most 2^53-1. Monotone.
 */
export function difficultyOfExecution(units: Resource, parameters: EconomicParameters): Difficulty {
  const difficulty = (BigInt(parameters.invokeDifficulty) * BigInt(units)) / MILLION;
  return toDifficulty(Number(least(difficulty, BigInt(Number.MAX_SAFE_INTEGER))));
}

/**
 * Units that a judged proof pays for, `used + judgingUnits`, whatever the verdict. An invoke has no
 * solver to pay for: its units are those of its execution.
 */
export function judgedUnits(used: Resource, parameters: EconomicParameters): Resource {
  return toResource(used + parameters.judgingUnits);
}

/**
 * Price of work alone, whatever came of it:
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

/** The part of a fee that is burned: `floor(fee x burnBasisPoints / 10,000)`. */
export function burnedPart(fee: Amount, parameters: EconomicParameters): Amount {
  return toAmount((fee * BigInt(parameters.burnBasisPoints)) / WHOLE_BASIS_POINTS);
}

/** `burned = burnedPart(fee)` and `rest = fee - burned`. */
export function splitFee(fee: Amount, parameters: EconomicParameters): SplitFee {
  const burned = burnedPart(fee, parameters);
  return { burned, rest: toAmount(fee - burned) };
}

/**
 * Least that a proof of this difficulty must burn:
 * `ceil(min(ceil(baseReward x difficulty / 10^6), cap) x 4,000 / 10,000) + 2`,
 * and 0 for difficulty 0. With `emissionCapMost` of any age for the cap, it suffices in every later
 * block, however that is dated.
 *
 * The most that the proof can add to what its block mints is the inner minimum, whatever stands
 * beside it. The ceilings and the two micro-tokens cover the worst that floors can do for the
 * author: its proof can lift the block's reward by the inner ceiling, and tip its share and the
 * bonus over one micro-token each. Why it is not what the block really minted: decision 015.
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
  return toAmount(part + FLOORS_TIPPED);
}

/**
 * What the author is charged:
 * `max(feeFor(work), ceil(minimumBurn(work) x 10,000 / burnBasisPoints))`,
 * so that `burnedPart` of it is at least `minimumBurn`.
 *
 * For failed work and for what mints nothing (a refuted proof, a false guard, a theorem already
 * recorded or of trust `solver`) pass difficulty 0: then it is `feeFor(work)`. `mintingDifficulty`
 * says which it is.
 */
export function requiredFee(work: MintingWork, parameters: EconomicParameters): Amount {
  const fee = feeFor(work, parameters);
  const floor = ceiling({
    numerator: minimumBurn(work, parameters) * WHOLE_BASIS_POINTS,
    denominator: BigInt(parameters.burnBasisPoints),
  });
  return toAmount(fee > floor ? fee : floor);
}

/** A charged fee beside what it stands for. */
export interface ChargedFee extends Minting {
  readonly fee: Amount;
}

/** Whether a fee burns enough for what its difficulty mints. True for every `requiredFee`. */
export function burnsEnough(charged: ChargedFee, parameters: EconomicParameters): boolean {
  return burnedPart(charged.fee, parameters) >= minimumBurn(charged, parameters);
}

/** One for the author's share, one for its bonus. */
const FLOORS_TIPPED = 2n;
