import { toDifficulty } from "@aethel/models";
import type { Chart } from "../charts/chart.ts";
import { attackOutcomes, farmingGain, type Strategy } from "./attacks.ts";
import { type BasisPoints, type Economy, TOKEN } from "./economy.ts";
import type { SupplyYear } from "./supply.ts";
import { validatorIncomes } from "./validators.ts";

/** Builds the chart of the supply, and of the greatest supply that the emission schedule allows. */
export function supplyChart(economy: Economy, years: readonly SupplyYear[]): Chart {
  const start = { year: 0, supply: economy.genesis, scheduled: 0n, minted: 0n, burned: 0n };
  const all = [start, ...years];
  const millions = (pick: (year: SupplyYear) => bigint): readonly number[] =>
    all.map((year) => inTokens(pick(year)) / 1e6);
  return {
    title: "Supply",
    note: "every block has the assumed work, pays the least fee for it, and everybody signs",
    axis: "years",
    steps: all.map(({ year }) => String(year)),
    unit: "millions of tokens",
    lines: [
      { name: "most there can be", values: millions((year) => economy.genesis + year.scheduled) },
      { name: "supply", values: millions(({ supply }) => supply) },
      { name: "minted", values: millions(({ minted }) => minted) },
      { name: "burned at least", values: millions(({ burned }) => burned) },
    ],
  };
}

const UPTIME_STEPS = Array.from({ length: 21 }, (_, at) => at * 5);

/** Builds the chart of the income of validators by uptime. */
export function incomeChart(economy: Economy, shares: readonly BasisPoints[]): Chart {
  return {
    title: "Income of a validator in the first year",
    note: "shares of the rewards, and the bonus of the blocks that it proposes",
    axis: "percent of the time that it votes",
    steps: UPTIME_STEPS.map(String),
    unit: "millions of tokens",
    lines: validatorIncomes(economy, shares.toReversed(), UPTIME_STEPS).map(
      ({ share, byUptime }) => ({
        name: `${share / 100} % of the stake`,
        values: byUptime.map((income) => inTokens(income) / 1e6),
      }),
    ),
  };
}

/** Strategies that aim at income. Double signing does not aim at income. */
const CHARTED: readonly Strategy[] = [
  "farming",
  "going-offline",
  "leaving-votes-out",
  "splitting-stake",
  "censoring",
  "lazy-voting",
];

/**
 * Builds the chart of the gain of each strategy up to a third of the stake, without the cost of
 * evidence.
 */
export function attackChart(economy: Economy): Chart {
  const steps = Array.from({ length: 33 }, (_, at) => at + 1);
  const outcomes = steps.map((percent) => attackOutcomes(economy, percent * 100));
  const gainOf = (strategy: Strategy): readonly number[] =>
    outcomes.map((all) => {
      const found = all.find((outcome) => outcome.strategy === strategy);
      return inTokens(found?.gainPerDay ?? 0n) / 1e3;
    });
  return {
    title: "Gain of an attacker in a day, compared with following the protocol",
    note: "best cases, without the cost of evidence",
    axis: "percent of the stake",
    steps: steps.map(String),
    unit: "thousands of tokens a day; below 0 is a loss",
    lines: CHARTED.map((strategy) => ({
      name: strategy.replaceAll("-", " "),
      values: gainOf(strategy),
    })),
  };
}

/** Builds the chart of the best gain of farming for each thousand minted, by share of the stake. */
export function farmingChart(economy: Economy): Chart {
  const own = 1_000_000;
  // Without other work, so that the emission cap has no effect.
  const quiet = { ...economy, difficulty: toDifficulty(0) };
  const steps = Array.from({ length: 51 }, (_, percent) => percent);
  const gains = steps.map((percent) => {
    const gain = farmingGain(quiet, percent * 100, own);
    return Number(gain * 1_000n) / Number(economy.parameters.baseReward);
  });
  return {
    title: "Farming with own proofs: gain of the minted reward",
    note: "best case: every bonus is its own, and the unburned part of its fees comes back",
    axis: "percent of the stake",
    steps: steps.map(String),
    unit: "gain of each 1,000 minted; below 0 is a loss",
    lines: [
      { name: "gain", values: gains },
      { name: "neither gain nor loss", values: steps.map(() => 0) },
    ],
    marks: [{ at: 100 / 3, name: "a third" }],
  };
}

function inTokens(microTokens: bigint): number {
  return Number(microTokens) / Number(TOKEN);
}
