import {
  type Amount,
  type Difficulty,
  toAmount,
  toDifficulty,
  toValidatorIndex,
} from "@aethel/models";
import {
  blockReward,
  DEFAULT_ECONOMICS,
  type EconomicParameters,
  findEconomicProblems,
  shareReward,
} from "@aethel/rewards";
import { TestkitError } from "@aethel/testkit";

/** Assumptions about a chain. The rest follows from the functions of `@aethel/rewards`. */
export interface Economy {
  readonly parameters: EconomicParameters;
  /** Stake of all validators, in micro-tokens. */
  readonly stake: bigint;
  /** Number of validators besides the examined one. Their stakes are equal. */
  readonly others: number;
  /** Difficulty of all proofs of a block. */
  readonly difficulty: Difficulty;
  /** Number of proofs of a block. All of them are equal. */
  readonly proofs: number;
  /** Header time between blocks, in milliseconds. */
  readonly intervalMs: number;
  readonly blocksPerDay: bigint;
  /** Supply at genesis, in micro-tokens. */
  readonly genesis: bigint;
}

/** Share of the stake, in parts of 10,000. */
export type BasisPoints = number;

export const WHOLE = 10_000n;
export const TOKEN = 1_000_000n;
export const DAYS_PER_YEAR = 365n;
export const DAY_MS = 86_400_000;

/** Flags of an economy, in the units of the command line. */
export interface EconomyFlags {
  readonly validators: number;
  readonly stake: number;
  readonly difficulty: number;
  readonly proofs: number;
  readonly interval: number;
  readonly genesis: number;
}

/** Creates an economy. @throws TestkitError `CONFIG` with all problems. */
export function createEconomy(
  flags: EconomyFlags,
  parameters: EconomicParameters = DEFAULT_ECONOMICS,
): Economy {
  const { validators, stake, difficulty, proofs, interval, genesis } = flags;
  const least = Number(parameters.minimumStake / TOKEN) * validators;
  const problems = [
    ...findEconomicProblems(parameters),
    ...(validators >= 4 ? [] : ["--validators: at least 4"]),
    ...(stake >= least ? [] : [`--stake: at least ${least} tokens for ${validators} validators`]),
    ...(interval >= 1 && interval <= DAY_MS ? [] : [`--interval: 1 to ${DAY_MS} ms`]),
    ...(proofs >= 1 ? [] : ["--proofs: at least 1"]),
    ...(genesis >= stake ? [] : ["--genesis: at least the stake"]),
  ];
  if (problems.length > 0) throw new TestkitError({ code: "CONFIG", problems });
  return {
    parameters,
    stake: BigInt(stake) * TOKEN,
    others: validators - 1,
    difficulty: toDifficulty(difficulty),
    proofs,
    intervalMs: interval,
    blocksPerDay: BigInt(Math.floor(DAY_MS / interval)),
    genesis: BigInt(genesis) * TOKEN,
  };
}

/** Returns the power of a validator, or of a group that acts as one, with a share of the stake. */
export function powerOf(economy: Economy, share: BasisPoints): bigint {
  return (economy.stake * BigInt(share)) / WHOLE;
}

/**
 * Computes the greatest amount, in micro-tokens, that a block of this difficulty mints at the
 * beginning of the chain.
 */
export function rewardFor(economy: Economy, difficulty: number): Amount {
  const block = { span: { fromMs: 0, untilMs: economy.intervalMs }, minted: toAmount(0n) };
  return blockReward({ ...block, totalDifficulty: toDifficulty(difficulty) }, economy.parameters);
}

/** Income of the members of a set from one block. */
export interface BlockIncome {
  /** Part of the reward for the first member, the examined validator; 0 if it did not sign. */
  readonly share: bigint;
  /** Bonus of the proposer whose block includes the certificate. */
  readonly bonus: bigint;
  readonly minted: bigint;
}

/**
 * Computes the income from the reward of a block. `powers` has the powers of all members of the
 * set. `signed` has the indices of the members in the certificate; by default all.
 */
export function incomeOf(
  economy: Economy,
  reward: Amount,
  { powers, signed }: { readonly powers: readonly bigint[]; readonly signed?: ReadonlySet<number> },
): BlockIncome {
  const totalPower = powers.reduce((sum, power) => sum + power, 0n);
  const signers = powers.flatMap((power, at) =>
    power > 0n && (signed === undefined || signed.has(at))
      ? [{ index: toValidatorIndex(at), power }]
      : [],
  );
  const { shares, bonus, minted } = shareReward(
    { reward, signers, totalPower },
    economy.parameters,
  );
  return { share: shares.find(({ index }) => index === 0)?.amount ?? 0n, bonus, minted };
}

/**
 * Returns the powers of a validator set: first the examined validator, then equal ones. The last
 * takes the remainder.
 */
export function powersAround(economy: Economy, own: bigint): readonly bigint[] {
  const rest = economy.stake - own;
  const each = rest / BigInt(economy.others);
  const last = rest - each * BigInt(economy.others - 1);
  return [own, ...Array.from({ length: economy.others - 1 }, () => each), last];
}
