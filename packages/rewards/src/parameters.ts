import {
  AMOUNT_MAX,
  type ChainParameters,
  DURATION_MS_MAX,
  toAmount,
  toDifficulty,
  toResource,
} from "@aethel/models";
import { WHOLE_BASIS_POINTS } from "./ratio.ts";

/**
 * Economic parameters of a chain; `ChainParameters` describes each. All parameters of a genesis can
 * be passed too.
 *
 * The functions of this package expect parameters in which `findEconomicProblems` finds no problem.
 * With those, none of them overflows.
 */
export type EconomicParameters = Pick<
  ChainParameters,
  | "baseReward"
  | "emissionPerSecond"
  | "halvingMs"
  | "emissionTotal"
  | "proposerBonusBasisPoints"
  | "burnBasisPoints"
  | "resourcePrice"
  | "judgingUnits"
  | "bytePrice"
  | "invokeBaseFeeMin"
  | "judgedBaseFeeMin"
  | "creationFee"
  | "statePrice"
  | "depositPrice"
  | "invokeDifficulty"
  | "solverTheoremsMint"
  | "minimumStake"
  | "unbondingMs"
  | "absenceMs"
  | "slashDoubleSignBasisPoints"
  | "slashVerificationBasisPoints"
>;

/**
 * Default parameters. At first at most 10 tokens are minted in a second; this is halved every two
 * years (of 365 days), and at most 10^9 tokens are minted in all. Stake unbonds in three weeks.
 * After almost three hours of absence a validator is jailed, which leaves time to repair a machine.
 * Results with trust `solver` mint nothing.
 */
export const DEFAULT_ECONOMICS: EconomicParameters = {
  baseReward: toAmount(1_000_000n),
  emissionPerSecond: toAmount(10_000_000n),
  halvingMs: 63_072_000_000,
  emissionTotal: toAmount(1_000_000_000_000_000n),
  proposerBonusBasisPoints: 500,
  burnBasisPoints: 5_000,
  resourcePrice: toAmount(1_000_000n),
  judgingUnits: toResource(10_000),
  bytePrice: toAmount(1_024n),
  invokeBaseFeeMin: toAmount(2_000n),
  judgedBaseFeeMin: toAmount(10_000n),
  creationFee: toAmount(10_000n),
  statePrice: toAmount(10_000n),
  depositPrice: toAmount(100n),
  invokeDifficulty: toDifficulty(100_000),
  solverTheoremsMint: false,
  minimumStake: toAmount(1_000_000_000n),
  unbondingMs: 1_814_400_000,
  absenceMs: 10_000_000,
  slashDoubleSignBasisPoints: 2_000,
  slashVerificationBasisPoints: 500,
};

/** Least amount that every proof must burn, in basis points of what its difficulty mints: 40 %. */
export const MINIMUM_BURN_BASIS_POINTS = 4_000;

/**
 * Largest bonus, in basis points. A validator with just under a third of the power that gets the
 * whole bonus receives less than `(1 - bonus) / 3 + bonus = (1 + 2 bonus) / 3` of a reward. This
 * must not exceed the burned part, so `10,000 + 2 bonus <= 3 x 4,000`.
 */
const BONUS_MAX = (3 * MINIMUM_BURN_BASIS_POINTS - 10_000) / 2;

/**
 * Largest base reward, 2^11 x 10^6. With it, even the largest difficulty, 2^53-1, mints less than
 * 2^64.
 */
const BASE_REWARD_MAX = 2_048_000_000n;

/**
 * Largest prices of resource units and of proof bytes. With them, the fee of 2^53-1 units and
 * 2^53-1 bytes is below 2^64.
 */
const RESOURCE_PRICE_MAX = 1_000_000_000n;
const BYTE_PRICE_MAX = 1_000_000n;

/**
 * Largest value for the least base fees. With it, a lane's whole share costs at least a million
 * tokens.
 */
const BASE_FEE_FLOOR_MAX = 1_000_000_000n;

/** Largest prices of state: a thousand tokens for an account or for a KiB. */
const STATE_PRICE_MAX = 1_000_000_000n;

/** Largest deposit for a byte of a cell: one token. */
const DEPOSIT_PRICE_MAX = 1_000_000n;

/**
 * Least `judgingUnits`. Setting up a solver takes a Judge as long as thousands of units of work.
 * With fewer units, a trivial claim would get more than ten times as much of the Judge's time for
 * its fee as a hard claim (measured: `npm run bench -- ledger`, docs/performance.md; decision 013).
 */
export const JUDGING_UNITS_MIN = 5_000;

/** Lists the problems of parameters, one sentence each; empty if they are sound. */
export function findEconomicProblems(parameters: EconomicParameters): readonly string[] {
  const amounts = [
    ["baseReward", 0n, BASE_REWARD_MAX],
    ["emissionPerSecond", 0n, AMOUNT_MAX],
    ["emissionTotal", 0n, AMOUNT_MAX],
    ["resourcePrice", 0n, RESOURCE_PRICE_MAX],
    ["bytePrice", 0n, BYTE_PRICE_MAX],
    ["invokeBaseFeeMin", 0n, BASE_FEE_FLOOR_MAX],
    ["judgedBaseFeeMin", 0n, BASE_FEE_FLOOR_MAX],
    ["creationFee", 0n, STATE_PRICE_MAX],
    ["statePrice", 0n, STATE_PRICE_MAX],
    ["depositPrice", 0n, DEPOSIT_PRICE_MAX],
    ["minimumStake", 1n, AMOUNT_MAX],
  ] as const;
  const counts = [
    ["halvingMs", 1, DURATION_MS_MAX],
    ["unbondingMs", 1, DURATION_MS_MAX],
    ["absenceMs", 1, DURATION_MS_MAX],
    ["judgingUnits", JUDGING_UNITS_MIN, Number.MAX_SAFE_INTEGER],
    // The difficulties of a block's calls, at 20 million units, add up below 2^53.
    ["invokeDifficulty", 0, 10 ** 14],
    ["proposerBonusBasisPoints", 0, BONUS_MAX],
    ["burnBasisPoints", MINIMUM_BURN_BASIS_POINTS, Number(WHOLE_BASIS_POINTS)],
    ["slashDoubleSignBasisPoints", 0, Number(WHOLE_BASIS_POINTS)],
    ["slashVerificationBasisPoints", 0, Number(WHOLE_BASIS_POINTS)],
  ] as const;
  const problems = [
    ...amounts
      .filter(([name, low, high]) => parameters[name] < low || parameters[name] > high)
      .map(([name, low, high]) => `${name} must be in ${low} .. ${high}`),
    ...counts
      .filter(([name, low, high]) => !isBetween(parameters[name], low, high))
      .map(([name, low, high]) => `${name} must be a whole number in ${low} .. ${high}`),
  ];
  if (typeof parameters.solverTheoremsMint !== "boolean") {
    problems.push("solverTheoremsMint must be true or false");
  }
  if (parameters.proposerBonusBasisPoints > BONUS_MAX) {
    problems.push(
      `a proposerBonusBasisPoints above ${BONUS_MAX} would make farming with own proofs pay`,
    );
  }
  return problems;
}

function isBetween(value: number, low: number, high: number): boolean {
  return Number.isSafeInteger(value) && value >= low && value <= high;
}
