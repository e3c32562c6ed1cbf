import { AMOUNT_MAX } from "@aethel/models";
import { WHOLE_BASIS_POINTS } from "./ratio.ts";

/**
 * What a chain fixes about money in its genesis, for good.
 *
 * Money is in micro-tokens, lengths are in sequences, parts are in basis points (1/10,000).
 * The functions of this package expect parameters in which `findParameterProblems` finds nothing;
 * with those, none of them overflows.
 */
export interface EconomicParameters {
  /** Minted for a difficulty of 10^6, before the caps. */
  readonly baseRewardPerMillion: bigint;
  /** Most that one sequence of the first era may mint. */
  readonly emissionCapInitial: bigint;
  /** Length of an era; each era's cap is half of the one before. */
  readonly halvingInterval: number;
  /** Most that may ever be minted after genesis. */
  readonly emissionTotalMax: bigint;
  /** Part of a block's reward that is the proposer's bonus pool; the rest is shared. */
  readonly bonusBasisPoints: number;
  /** Part of every fee that is burned. */
  readonly burnBasisPoints: number;
  /** Least that a proof burns, as a part of what its difficulty mints. At least 4,000. */
  readonly minimumBurnBasisPoints: number;
  /** Price of 10^6 units of the Judge's resource. */
  readonly resourcePricePerMillion: bigint;
  /** Price of 10^6 execution units. */
  readonly executionPricePerMillion: bigint;
  /** Price of 10^6 bytes. */
  readonly bytePricePerMillion: bigint;
  /** Stake under which nobody is a validator. */
  readonly minimumStake: bigint;
  /** Sequences for which stake that has lost its power stays locked, and can be slashed. */
  readonly unbondingSequences: number;
  /** Sequences after an offence during which evidence of it is accepted. */
  readonly evidenceSequences: number;
  /** Slashed for signing twice what may be signed once, or for hiding a lock. */
  readonly doubleSigningBasisPoints: number;
  /** Slashed for a vote `valid` that a concrete counterexample refutes. */
  readonly invalidVerificationBasisPoints: number;
}

/**
 * Sensible values for a chain with one block a second: up to 10 tokens a second at first, halved
 * every two years (of 365 days), never more than 10^9 tokens in all.
 */
export const DEFAULT_ECONOMICS: EconomicParameters = {
  baseRewardPerMillion: 1_000_000n,
  emissionCapInitial: 10_000_000n,
  halvingInterval: 63_072_000,
  emissionTotalMax: 1_000_000_000_000_000n,
  bonusBasisPoints: 500,
  burnBasisPoints: 5_000,
  minimumBurnBasisPoints: 4_000,
  resourcePricePerMillion: 1_000_000n,
  executionPricePerMillion: 10_000_000n,
  bytePricePerMillion: 1_000_000n,
  minimumStake: 1_000_000_000n,
  unbondingSequences: 1_814_400,
  evidenceSequences: 1_209_600,
  doubleSigningBasisPoints: 2_000,
  invalidVerificationBasisPoints: 500,
};

/** 2^11 x 10^6: with it the largest difficulty, 2^53-1, still mints less than 2^64. */
const BASE_REWARD_MAX = 2_048_000_000n;

/** With three prices up to this, the largest fee of three counts up to 2^53-1 is under 2^64. */
const PRICE_MAX = 500_000_000n;

/** REQUIREMENTS R4 and DESIGN §5: the floor under `minimumBurnBasisPoints`. */
const MINIMUM_BURN_FLOOR = 4_000;

/**
 * One sentence for each thing that makes the parameters unusable; empty when they are sound.
 *
 * Beside ranges it checks what makes farming with own proofs lose: a validator with just under a
 * third of the power that also takes the whole bonus pool gets less than
 * `(1 - bonus) / 3 + bonus = (1 + 2 bonus) / 3` of a reward, which must not exceed what is burned:
 * `10,000 + 2 bonus <= 3 minimumBurn`.
 */
export function findParameterProblems(parameters: EconomicParameters): readonly string[] {
  return [...findRangeProblems(parameters), ...findRelationProblems(parameters)];
}

function findRangeProblems(parameters: EconomicParameters): readonly string[] {
  const amounts = [
    ["baseRewardPerMillion", BASE_REWARD_MAX, 0n],
    ["emissionCapInitial", AMOUNT_MAX, 0n],
    ["emissionTotalMax", AMOUNT_MAX, 0n],
    ["resourcePricePerMillion", PRICE_MAX, 0n],
    ["executionPricePerMillion", PRICE_MAX, 0n],
    ["bytePricePerMillion", PRICE_MAX, 0n],
    ["minimumStake", AMOUNT_MAX, 1n],
  ] as const;
  const lengths = ["halvingInterval", "unbondingSequences", "evidenceSequences"] as const;
  const parts = [
    "bonusBasisPoints",
    "burnBasisPoints",
    "minimumBurnBasisPoints",
    "doubleSigningBasisPoints",
    "invalidVerificationBasisPoints",
  ] as const;
  return [
    ...amounts
      .filter(([name, high, low]) => parameters[name] < low || parameters[name] > high)
      .map(([name, high, low]) => `${name} must be in ${low} .. ${high}`),
    ...lengths
      .filter((name) => !Number.isSafeInteger(parameters[name]) || parameters[name] < 1)
      .map((name) => `${name} must be a whole number of sequences, at least 1`),
    ...parts
      .filter((name) => !isPart(parameters[name]))
      .map((name) => `${name} must be a whole number in 0 .. ${WHOLE_BASIS_POINTS}`),
  ];
}

function findRelationProblems(parameters: EconomicParameters): readonly string[] {
  const { bonusBasisPoints, burnBasisPoints, minimumBurnBasisPoints } = parameters;
  const problems: string[] = [];
  if (minimumBurnBasisPoints < MINIMUM_BURN_FLOOR) {
    problems.push(`minimumBurnBasisPoints must be at least ${MINIMUM_BURN_FLOOR}`);
  }
  if (burnBasisPoints < minimumBurnBasisPoints) {
    problems.push("burnBasisPoints must be at least minimumBurnBasisPoints");
  }
  if (10_000 + 2 * bonusBasisPoints > 3 * minimumBurnBasisPoints) {
    problems.push(
      "bonusBasisPoints is so large that farming with own proofs can pay: 10000 + 2 x bonusBasisPoints must be at most 3 x minimumBurnBasisPoints",
    );
  }
  if (parameters.unbondingSequences <= parameters.evidenceSequences) {
    problems.push("unbondingSequences must be more than evidenceSequences, or offenders get away");
  }
  return problems;
}

function isPart(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && BigInt(value) <= WHOLE_BASIS_POINTS;
}
