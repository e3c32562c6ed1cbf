import {
  type BasisPoints,
  DAYS_PER_YEAR,
  type Economy,
  incomeOf,
  powerOf,
  powersAround,
  rewardFor,
  WHOLE,
} from "./economy.ts";

/** Yearly income of a validator by uptime, which is the share of certificates with its vote. */
export interface ValidatorIncome {
  readonly share: BasisPoints;
  /** Yearly income in micro-tokens for each uptime, in the order of the uptimes. */
  readonly byUptime: readonly bigint[];
}

/** Uptimes in percent of the blocks. */
export const UPTIMES = [100, 99, 95, 80, 50, 0] as const;

/** Computes the income of the first year, shares and bonuses, at the assumed difficulty. */
export function validatorIncomes(
  economy: Economy,
  shares: readonly BasisPoints[],
  uptimes: readonly number[] = UPTIMES,
): readonly ValidatorIncome[] {
  return shares.map((share) => ({
    share,
    byUptime: uptimes.map((uptime) => yearlyIncome(economy, share, uptime)),
  }));
}

/**
 * Computes the income of a year. While it is up, the validator proposes blocks by its share of the
 * stake.
 */
function yearlyIncome(economy: Economy, share: BasisPoints, uptime: number): bigint {
  const powers = powersAround(economy, powerOf(economy, share));
  const block = incomeOf(economy, rewardFor(economy, economy.difficulty), { powers });
  const blocks = (economy.blocksPerDay * DAYS_PER_YEAR * BigInt(uptime)) / 100n;
  return block.share * blocks + (block.bonus * blocks * BigInt(share)) / WHOLE;
}
