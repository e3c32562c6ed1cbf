import { type Amount, toAmount, toDifficulty, toResource } from "@aethel/models";
import {
  emissionCap,
  type OffenceKind,
  requiredFee,
  slash,
  splitFee,
  votingPower,
} from "@aethel/rewards";
import {
  type BasisPoints,
  type Economy,
  incomeOf,
  powerOf,
  powersAround,
  rewardFor,
  WHOLE,
} from "./economy.ts";

/** Strategy of a validator, or of a group that acts as one. */
export type Strategy =
  | "farming"
  | "leaving-votes-out"
  | "splitting-stake"
  | "lazy-voting"
  | "censoring"
  | "going-offline"
  | "double-signing";

/** Outcome of a strategy, compared with following the protocol with the same stake. */
export interface AttackOutcome {
  readonly strategy: Strategy;
  readonly share: BasisPoints;
  /** Micro-tokens gained a day in the best case for the attacker. A negative number is a loss. */
  readonly gainPerDay: bigint;
  /** Micro-tokens that each conviction costs. */
  readonly slashed: bigint;
  /** Assumption of the best case, or a limit of the number. */
  readonly note: string;
}

/** Computes the outcome of every strategy for a share of the stake. */
export function attackOutcomes(economy: Economy, share: BasisPoints): readonly AttackOutcome[] {
  return [
    farming(economy, share),
    leavingVotesOut(economy, share),
    splittingStake(economy, share),
    lazyVoting(economy, share),
    censoring(economy, share),
    goingOffline(economy, share),
    doubleSigning(economy, share),
  ];
}

/**
 * Computes the outcome of farming: the attacker submits own proofs in each block, with as much
 * difficulty as those of all others and the least fee. Best case: the attacker gets every bonus,
 * and the unburned part of its fees comes back. (The ledger gives that part to the treasury.)
 */
function farming(economy: Economy, share: BasisPoints): AttackOutcome {
  return {
    strategy: "farming",
    share,
    gainPerDay: farmingGain(economy, share, economy.difficulty) * economy.blocksPerDay,
    slashed: 0n,
    note: "best case: every bonus is its own, and the unburned part of its fees comes back",
  };
}

/**
 * Computes the attacker's gain in one block from own proofs of difficulty `own`, in micro-tokens:
 * the income that they add, less what they burn.
 */
export function farmingGain(economy: Economy, share: BasisPoints, own: number): bigint {
  const powers = powersAround(economy, powerOf(economy, share));
  const incomeWith = (extra: number): bigint => {
    const reward = rewardFor(economy, economy.difficulty + extra);
    const { share: part, bonus } = incomeOf(economy, reward, { powers });
    return part + bonus;
  };
  return incomeWith(own) - incomeWith(0) - burnedFor(economy, own);
}

function burnedFor(economy: Economy, own: number): Amount {
  // Work of no units and no bytes: the price of the work itself would only add to the loss.
  const cap = emissionCap({ fromMs: 0, untilMs: economy.intervalMs }, economy.parameters);
  const work = { resource: toResource(0), bytes: 0, difficulty: toDifficulty(own), cap };
  return splitFee(requiredFee(work, economy.parameters), economy.parameters).burned;
}

/**
 * Computes the outcome of leaving votes out: the attacker includes only as many votes as a
 * certificate needs, in the blocks that it proposes.
 */
function leavingVotesOut(economy: Economy, share: BasisPoints): AttackOutcome {
  const powers = powersAround(economy, powerOf(economy, share));
  const reward = rewardFor(economy, economy.difficulty);
  const all = incomeOf(economy, reward, { powers });
  const few = incomeOf(economy, reward, { powers, signed: smallestQuorum(powers) });
  const each = few.share + few.bonus - all.share - all.bonus;
  return {
    strategy: "leaving-votes-out",
    share,
    gainPerDay: each * proposedBlocks(economy, share),
    slashed: 0n,
    note: "what the others lose is minted for nobody",
  };
}

function smallestQuorum(powers: readonly bigint[]): ReadonlySet<number> {
  const total = powers.reduce((sum, power) => sum + power, 0n);
  const chosen = new Set<number>();
  let included = 0n;
  for (const [at, power] of powers.entries()) {
    if (3n * included > 2n * total) break;
    chosen.add(at);
    included += power;
  }
  return chosen;
}

/**
 * Computes the outcome of splitting: the stake is divided among as many identities as the minimum
 * stake allows, up to a hundred.
 */
function splittingStake(economy: Economy, share: BasisPoints): AttackOutcome {
  const own = powerOf(economy, share);
  const { minimumStake } = economy.parameters;
  const most = own / minimumStake;
  const count = most < 1n ? 1n : most < 100n ? most : 100n;
  const part = own / count;
  const parts = Array.from({ length: Number(count) }, (_, at) =>
    at === 0 ? own - part * (count - 1n) : part,
  ).map((stake) => votingPower(toAmount(stake), economy.parameters));
  const others = powersAround(economy, own).slice(1);
  const reward = rewardFor(economy, economy.difficulty);
  const whole = incomeOf(economy, reward, { powers: [own, ...others] });
  const split = parts.reduce((sum, power, at) => {
    const rest = parts.filter((_, other) => other !== at);
    return sum + incomeOf(economy, reward, { powers: [power, ...rest, ...others] }).share;
  }, 0n);
  return {
    strategy: "splitting-stake",
    share,
    gainPerDay: (split - whole.share) * economy.blocksPerDay,
    slashed: 0n,
    note: `${count} identities have the same power and lose dust`,
  };
}

/**
 * Computes the outcome of lazy voting, that is, voting without verifying. The income is that of an
 * honest validator, until the validator is convicted of a vote for a block that calls a refuted
 * intent `valid`.
 */
function lazyVoting(economy: Economy, share: BasisPoints): AttackOutcome {
  return {
    strategy: "lazy-voting",
    share,
    gainPerDay: 0n,
    slashed: slashOf(economy, share, "invalid-verification"),
    note: "saves its own machine's time; a wrong vote costs this each time",
  };
}

/**
 * Computes the outcome of censoring: the attacker proposes empty blocks, so that the next block has
 * the work of two. Best case: no other proposer includes the work in between, and no proof is
 * withdrawn.
 */
function censoring(economy: Economy, share: BasisPoints): AttackOutcome {
  const powers = powersAround(economy, powerOf(economy, share));
  const part = (difficulty: number): bigint =>
    incomeOf(economy, rewardFor(economy, difficulty), { powers }).share;
  const each = part(2 * economy.difficulty) + part(0) - 2n * part(economy.difficulty);
  return {
    strategy: "censoring",
    share,
    gainPerDay: each * proposedBlocks(economy, share),
    slashed: 0n,
    note: "fees are no proposer's, so only dust of rounding can be gained; others wait longer",
  };
}

function goingOffline(economy: Economy, share: BasisPoints): AttackOutcome {
  const powers = powersAround(economy, powerOf(economy, share));
  const { share: part, bonus } = incomeOf(economy, rewardFor(economy, economy.difficulty), {
    powers,
  });
  return {
    strategy: "going-offline",
    share,
    gainPerDay: -(part * economy.blocksPerDay + bonus * proposedBlocks(economy, share)),
    slashed: 0n,
    note: "absence costs no stake",
  };
}

function doubleSigning(economy: Economy, share: BasisPoints): AttackOutcome {
  return {
    strategy: "double-signing",
    share,
    gainPerDay: 0n,
    slashed: slashOf(economy, share, "double-vote"),
    note: "below a third it forks nothing",
  };
}

function slashOf(economy: Economy, share: BasisPoints, kind: OffenceKind): bigint {
  const stake = toAmount(powerOf(economy, share));
  return slash({ stake, kind }, economy.parameters).toTreasury;
}

/**
 * Returns the blocks that a share of the stake proposes in a day, since leaders are chosen by
 * stake.
 */
function proposedBlocks(economy: Economy, share: BasisPoints): bigint {
  return (economy.blocksPerDay * BigInt(share)) / WHOLE;
}
