import { type Amount, assert, type Difficulty, toAmount } from "@aethel/models";
import { RewardsError } from "../errors.ts";
import type { EconomicParameters } from "../parameters.ts";
import { ceiling, least, MILLION, natural } from "../ratio.ts";

/**
 * Computes the reward for a difficulty before the caps: `floor(baseReward x difficulty / 10^6)`.
 *
 * It never falls when the difficulty grows (property P2). For a block it is computed from the *sum*
 * of the minting difficulties, so dividing a proof into several gains nothing by rounding.
 */
export function baseReward(difficulty: Difficulty, parameters: EconomicParameters): Amount {
  return toAmount((parameters.baseReward * BigInt(difficulty)) / MILLION);
}

/**
 * Longest header time, in milliseconds, for which one block mints. The emission of any time beyond
 * it is lost.
 */
export const EMISSION_SPAN_MAX_MS = 60_000;

/**
 * Ages of the chain at a block and at its parent: milliseconds of header time since the timestamp
 * of the genesis block.
 */
export interface BlockSpan {
  /** Age of the chain at the parent block, in milliseconds. */
  readonly fromMs: number;
  /** Age of the chain at the block, in milliseconds. */
  readonly untilMs: number;
}

/**
 * Computes the greatest number of micro-tokens that one block may mint, which is the emission of
 * the time since its parent: `issued(untilMs) - issued(max(fromMs, untilMs - 60,000))`, at most
 * `emissionTotal`. `issued(age)` is `floor(sum of floor(emissionPerSecond / 2^era) x milliseconds
 * in era / 1,000)` over all eras up to that age. An era has `halvingMs` milliseconds.
 *
 * The caps of successive blocks add up to at most the emission of the time from the first to the
 * last, whatever the number and the timestamps of the blocks. The unused part of a cap is lost. So
 * is the emission of the time by which two blocks are more than a minute apart.
 */
export function emissionCap(span: BlockSpan, parameters: EconomicParameters): Amount {
  const until = natural("untilMs", span.untilMs);
  const from = natural("fromMs", span.fromMs);
  const earliest = until - BigInt(EMISSION_SPAN_MAX_MS);
  const counted = from > earliest ? from : earliest;
  if (counted >= until) return toAmount(0n);
  const issued = issuedBy(until, parameters) - issuedBy(counted, parameters);
  return toAmount(least(issued, parameters.emissionTotal));
}

/**
 * Computes the highest result of `emissionCap` for all blocks whose parent has at least this age:
 * `ceil(floor(emissionPerSecond / 2^era) x 60,000 / 1,000)`, at most `emissionTotal`, with `era =
 * floor(ageMs / halvingMs)`. It never rises with the age.
 */
export function emissionCapMost(ageMs: number, parameters: EconomicParameters): Amount {
  const era = natural("ageMs", ageMs) / BigInt(parameters.halvingMs);
  const numerator = rateOf(era, parameters) * BigInt(EMISSION_SPAN_MAX_MS);
  return toAmount(least(ceiling({ numerator, denominator: SECOND_MS }), parameters.emissionTotal));
}

/**
 * Computes the greatest number of micro-tokens that may be minted up to an age of the chain:
 * `min(emissionTotal, issued(ageMs))`. The supply of the native asset never exceeds the genesis
 * supply plus this amount (property P20).
 */
export function scheduledSupply(ageMs: number, parameters: EconomicParameters): Amount {
  const issued = issuedBy(natural("ageMs", ageMs), parameters);
  return toAmount(least(issued, parameters.emissionTotal));
}

/** Facts from which the reward of a block is computed. */
export interface RewardedBlock {
  readonly span: BlockSpan;
  /** Sum of the `mintingDifficulty` of the block's results. */
  readonly totalDifficulty: Difficulty;
  /** Micro-tokens that all earlier blocks have minted. Burning does not lower it. */
  readonly minted: Amount;
}

/**
 * Computes the reward of a block, which is the greatest amount that it mints:
 * `min(baseReward(totalDifficulty), emissionCap(span), emissionTotal - minted)`.
 *
 * `shareReward` divides it and may leave a part unminted.
 *
 * @throws RewardsError `RANGE` if `minted` is above `emissionTotal`.
 */
export function blockReward(block: RewardedBlock, parameters: EconomicParameters): Amount {
  const left = parameters.emissionTotal - block.minted;
  if (left < 0n) {
    const reason = `${block.minted} is above emissionTotal ${parameters.emissionTotal}`;
    throw new RewardsError({ code: "RANGE", what: "minted", reason });
  }
  const base = baseReward(block.totalDifficulty, parameters);
  const reward = least(base, emissionCap(block.span, parameters), left);
  assert(reward >= 0n, "a reward is never negative");
  return toAmount(reward);
}

const SECOND_MS = 1_000n;

/** Computes the emission up to an age in milliseconds, before the limit `emissionTotal`. */
function issuedBy(age: bigint, parameters: EconomicParameters): bigint {
  const halving = BigInt(parameters.halvingMs);
  let left = age;
  let scheduled = 0n;
  for (let era = 0n; left > 0n; era += 1n) {
    const rate = rateOf(era, parameters);
    // Later eras mint nothing either; without this, short eras would make a very long loop.
    if (rate === 0n) break;
    const length = least(left, halving);
    scheduled += rate * length;
    left -= length;
  }
  return scheduled / SECOND_MS;
}

/** Computes the micro-tokens that are issued for each second of an era. */
function rateOf(era: bigint, parameters: EconomicParameters): bigint {
  return parameters.emissionPerSecond >> era;
}
