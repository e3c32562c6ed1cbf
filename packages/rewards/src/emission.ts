import { type Amount, assert, type Difficulty, toAmount } from "@aethel/models";
import { RewardsError } from "./errors.ts";
import type { EconomicParameters } from "./parameters.ts";
import { ceiling, least, MILLION, natural } from "./ratio.ts";

/**
 * What a difficulty mints before the caps:
 * `floor(baseReward x difficulty / 10^6)`.
 *
 * Monotone in the difficulty (P2). For a block it is taken of the *sum* of the difficulties that
 * mint, so that cutting a proof in pieces gains no rounding.
 */
export function baseReward(difficulty: Difficulty, parameters: EconomicParameters): Amount {
  return toAmount((parameters.baseReward * BigInt(difficulty)) / MILLION);
}

/** Longest stretch of header time that one block mints for; what is above it is lost. */
export const EMISSION_SPAN_MAX_MS = 60_000;

/**
 * Header times of a block and of its parent, in milliseconds since the timestamp of the genesis
 * block: the age of the chain at each.
 */
export interface BlockSpan {
  /** Age at the parent. */
  readonly fromMs: number;
  /** Age at the block. */
  readonly untilMs: number;
}

/**
 * Most that one block may mint: what the schedule has for the time since its parent,
 * `issued(untilMs) - issued(max(fromMs, untilMs - 60,000))`, at most `emissionTotal`, where
 * `issued(age)` is `floor(sum of floor(emissionPerSecond / 2^era) x milliseconds in era / 1,000)`
 * over the eras of `halvingMs` up to that age.
 *
 * The caps of any blocks add up to no more than the schedule of the time that they span, however
 * many they are and however they are dated. What a block leaves of its cap is lost, and so is all
 * time above a minute: after a stretch without blocks none mints for the whole of it.
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
 * Most that any block may mint whose parent has at least this age:
 * `ceil(floor(emissionPerSecond / 2^era) x 60,000 / 1,000)`, at most `emissionTotal`, with
 * `era = floor(ageMs / halvingMs)`. It never grows with the age.
 */
export function emissionCapMost(ageMs: number, parameters: EconomicParameters): Amount {
  const era = natural("ageMs", ageMs) / BigInt(parameters.halvingMs);
  const numerator = rateOf(era, parameters) * BigInt(EMISSION_SPAN_MAX_MS);
  return toAmount(least(ceiling({ numerator, denominator: SECOND_MS }), parameters.emissionTotal));
}

/**
 * Most that may have been minted up to an age of the chain: `min(emissionTotal, issued(ageMs))`.
 *
 * The supply of the native asset is never above genesis supply + this (P20).
 */
export function scheduledSupply(ageMs: number, parameters: EconomicParameters): Amount {
  const issued = issuedBy(natural("ageMs", ageMs), parameters);
  return toAmount(least(issued, parameters.emissionTotal));
}

/** What `blockReward` needs to know about a block. */
export interface RewardedBlock {
  readonly span: BlockSpan;
  /** Sum of the `mintingDifficulty` of the block's results. */
  readonly totalDifficulty: Difficulty;
  /** Minted after genesis and before this block, in all; burning does not lower it. */
  readonly minted: Amount;
}

/**
 * Most that a block mints:
 * `min(baseReward(totalDifficulty), emissionCap(span), emissionTotal - minted)`.
 *
 * `shareReward` divides it, and leaves a part of it unminted.
 *
 * @throws RewardsError `RANGE` if more was minted than may ever be.
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

/** Emission of all time up to an age, without the total. */
function issuedBy(age: bigint, parameters: EconomicParameters): bigint {
  const halving = BigInt(parameters.halvingMs);
  let left = age;
  let scheduled = 0n;
  for (let era = 0n; left > 0n; era += 1n) {
    const rate = rateOf(era, parameters);
    // Every later era mints nothing either; without this a short interval loops for ages.
    if (rate === 0n) break;
    const length = least(left, halving);
    scheduled += rate * length;
    left -= length;
  }
  return scheduled / SECOND_MS;
}

/** Micro-tokens for each second of an era. */
function rateOf(era: bigint, parameters: EconomicParameters): bigint {
  return parameters.emissionPerSecond >> era;
}
