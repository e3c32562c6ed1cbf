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

/** What is assumed about a chain. Everything else follows from the functions of `@aethel/rewards`. */
export interface Economy {
  readonly parameters: EconomicParameters;
  /** All stake, in micro-tokens. */
  readonly stake: bigint;
  /** Validators beside the one that is looked at; they have equal stakes. */
  readonly others: number;
  /** Of the proofs in each block together. */
  readonly difficulty: Difficulty;
  /** How many they are; they are equal. */
  readonly proofs: number;
  /** Header time between blocks, in milliseconds. */
  readonly intervalMs: number;
  readonly blocksPerDay: bigint;
  /** Supply at genesis, in micro-tokens. */
  readonly genesis: bigint;
}

/** Of 10,000: a part of the stake. */
export type BasisPoints = number;

export const WHOLE = 10_000n;
export const TOKEN = 1_000_000n;
export const DAYS_PER_YEAR = 365n;
export const DAY_MS = 86_400_000;

/** What one may ask about, in the units of the command line. */
export interface EconomyFlags {
  readonly validators: number;
  readonly stake: number;
  readonly difficulty: number;
  readonly proofs: number;
  readonly interval: number;
  readonly genesis: number;
}

/** @throws TestkitError `CONFIG` with everything that makes no economy. */
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

/** A validator with a part of the stake, or a group of them that acts as one. */
export function powerOf(economy: Economy, share: BasisPoints): bigint {
  return (economy.stake * BigInt(share)) / WHOLE;
}

/** The most that one block of this difficulty mints at the beginning of the chain. */
export function rewardFor(economy: Economy, difficulty: number): Amount {
  const block = { span: { fromMs: 0, untilMs: economy.intervalMs }, minted: toAmount(0n) };
  return blockReward({ ...block, totalDifficulty: toDifficulty(difficulty) }, economy.parameters);
}

/** What one block gives to the members of a set of powers. */
export interface BlockIncome {
  /** Of the first member. */
  readonly share: bigint;
  /** Of whoever proposes the block with the certificate. */
  readonly bonus: bigint;
  readonly minted: bigint;
}

/**
 * Income of one block's reward. `powers` are the whole set, `signed` says who is in the
 * certificate; without it everybody is.
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

/** The one that is looked at, then the others, equal but for what does not divide. */
export function powersAround(economy: Economy, own: bigint): readonly bigint[] {
  const rest = economy.stake - own;
  const each = rest / BigInt(economy.others);
  const last = rest - each * BigInt(economy.others - 1);
  return [own, ...Array.from({ length: economy.others - 1 }, () => each), last];
}
