import { type Amount, assert, type Difficulty, type Sequence, toAmount } from "@aethel/models";
import { RewardsError } from "./errors.ts";
import type { EconomicParameters } from "./parameters.ts";
import { least, MILLION } from "./ratio.ts";

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

/**
 * Most that one sequence may mint:
 * `floor(emissionPerBlock / 2^era)` with `era = floor((sequence - 1) / halvingInterval)`,
 * and 0 for the genesis block.
 *
 * Blocks keep a minimum interval, so a cap per sequence is a cap per unit of time. What a sequence
 * leaves of its cap is lost; it is never carried over.
 */
export function emissionCap(sequence: Sequence, parameters: EconomicParameters): Amount {
  if (sequence === 0) return toAmount(0n);
  return toAmount(capOfEra(BigInt(sequence - 1) / BigInt(parameters.halvingInterval), parameters));
}

/**
 * Most that may have been minted by the sequences `1 .. sequence` together:
 * `min(emissionTotal, sum of their emissionCap)`, exactly.
 *
 * The supply of the native asset is never above genesis supply + this (P20).
 */
export function scheduledSupply(sequence: Sequence, parameters: EconomicParameters): Amount {
  const interval = BigInt(parameters.halvingInterval);
  let left = BigInt(sequence);
  let scheduled = 0n;
  for (let era = 0n; left > 0n; era += 1n) {
    const cap = capOfEra(era, parameters);
    // Every later era mints nothing either; without this a short interval loops for ages.
    if (cap === 0n) break;
    const length = least(left, interval);
    scheduled += cap * length;
    left -= length;
  }
  return toAmount(least(scheduled, parameters.emissionTotal));
}

/** What `blockReward` needs to know about a block. */
export interface RewardedBlock {
  readonly sequence: Sequence;
  /** Sum of the `mintingDifficulty` of the block's results. */
  readonly totalDifficulty: Difficulty;
  /** Minted after genesis and before this block, in all; burning does not lower it. */
  readonly minted: Amount;
}

/**
 * Most that a block mints:
 * `min(baseReward(totalDifficulty), emissionCap(sequence), emissionTotal - minted)`.
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
  const reward = least(base, emissionCap(block.sequence, parameters), left);
  assert(reward >= 0n, "a reward is never negative");
  return toAmount(reward);
}

function capOfEra(era: bigint, parameters: EconomicParameters): bigint {
  return parameters.emissionPerBlock >> era;
}
