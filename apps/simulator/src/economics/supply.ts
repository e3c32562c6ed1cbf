import { toAmount, toDifficulty } from "@aethel/models";
import { blockReward, emissionCap, minimumBurn, scheduledSupply } from "@aethel/rewards";
import { DAY_MS, DAYS_PER_YEAR, type Economy, incomeOf, powersAround } from "./economy.ts";

/** Supply at the end of a year, in micro-tokens. */
export interface SupplyYear {
  readonly year: number;
  /**
   * Greatest amount that the emission schedule allows to mint until the end of the year, in
   * micro-tokens.
   */
  readonly scheduled: bigint;
  /**
   * Amount minted until the end of the year if every block has the assumed difficulty and every
   * validator signs, in micro-tokens.
   */
  readonly minted: bigint;
  /**
   * Least amount burned until the end of the year for the assumed difficulty and number of proofs,
   * in micro-tokens.
   */
  readonly burned: bigint;
  /** Supply at genesis plus `minted`, less `burned`. */
  readonly supply: bigint;
}

/** Projects the supply year by year. All amounts are sums since genesis. */
export function projectSupply(economy: Economy, years: number): readonly SupplyYear[] {
  const { parameters, genesis } = economy;
  const yearMs = DAY_MS * Number(DAYS_PER_YEAR);
  return Array.from({ length: years }, (_, at) => {
    const ageMs = yearMs * (at + 1);
    const scheduled = scheduledSupply(ageMs, parameters);
    const { minted, burned } = flowsOf(economy, ageMs);
    return { year: at + 1, scheduled, minted, burned, supply: genesis + minted - burned };
  });
}

/** Finds the first year in which more is burned than minted; undefined if there is none. */
export function firstShrinkingYear(years: readonly SupplyYear[]): number | undefined {
  return years.find(({ minted, burned }, at) => {
    const before = years[at - 1];
    return burned - (before?.burned ?? 0n) > minted - (before?.minted ?? 0n);
  })?.year;
}

/**
 * Sums minted and burned amounts up to an age, one halving period after another. All blocks of a
 * period mint and burn the same.
 */
function flowsOf(economy: Economy, ageMs: number): { minted: bigint; burned: bigint } {
  const { parameters, difficulty, proofs, intervalMs } = economy;
  const powers = powersAround(economy, economy.stake / BigInt(economy.others + 1));
  let [minted, burned] = [0n, 0n];
  for (let fromMs = 0; fromMs < ageMs; fromMs += parameters.halvingMs) {
    const untilMs = Math.min(ageMs, fromMs + parameters.halvingMs);
    const span = { fromMs, untilMs: fromMs + intervalMs };
    const block = { span, totalDifficulty: difficulty, minted: toAmount(minted) };
    const each = incomeOf(economy, blockReward(block, parameters), { powers }).minted;
    const count = BigInt(Math.floor((untilMs - fromMs) / intervalMs));
    const cap = emissionCap(span, parameters);
    const one = { difficulty: toDifficulty(Math.floor(difficulty / proofs)), cap };
    burned += minimumBurn(one, parameters) * BigInt(proofs) * count;
    minted = least(minted + each * count, scheduledSupply(untilMs, parameters));
  }
  return { minted, burned };
}

function least(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
