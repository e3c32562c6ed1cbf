import { group } from "@aethel/terminal";
import Table from "cli-table3";
import { wrap } from "../output/format.ts";
import type { AttackOutcome } from "./attacks.ts";
import { type BasisPoints, TOKEN } from "./economy.ts";
import type { SupplyYear } from "./supply.ts";
import { UPTIMES, type ValidatorIncome } from "./validators.ts";

/** Formats a table of the supply year by year, in whole tokens. */
export function supplyTable(years: readonly SupplyYear[]): string {
  return table(
    ["year", "schedule at most", "minted", "burned at least", "supply"],
    years.map(({ year, scheduled, minted, burned, supply }) => [
      String(year),
      ...[scheduled, minted, burned, supply].map(tokens),
    ]),
  );
}

/** Formats a table of yearly income by share of the stake and uptime, in whole tokens. */
export function validatorTable(incomes: readonly ValidatorIncome[]): string {
  return table(
    ["stake", ...UPTIMES.map((uptime) => `${uptime} %`)],
    incomes.map(({ share, byUptime }) => [percent(share), ...byUptime.map(tokens)]),
  );
}

/**
 * Formats a table of daily gains in tokens: a row for each strategy, a column for each share of the
 * stake.
 */
export function gainTable(outcomes: readonly AttackOutcome[]): string {
  return byStrategy(outcomes, ({ gainPerDay }) => fine(gainPerDay));
}

/**
 * Formats a table of the cost of a conviction in whole tokens, for strategies that leave evidence.
 */
export function slashTable(outcomes: readonly AttackOutcome[]): string {
  const caught = outcomes.filter(({ slashed }) => slashed > 0n);
  return byStrategy(caught, ({ slashed }) => `-${tokens(slashed)}`);
}

/** Formats a note on each strategy, for the last share of the stake. */
export function strategyNotes(outcomes: readonly AttackOutcome[]): string {
  const notes = new Map(outcomes.map(({ strategy, note }) => [strategy, note]));
  return [...notes].map(([strategy, note]) => wrap(`${strategy}: ${note}`, "    ")).join("\n");
}

function byStrategy(
  outcomes: readonly AttackOutcome[],
  show: (outcome: AttackOutcome) => string,
): string {
  const shares = [...new Set(outcomes.map(({ share }) => share))];
  const strategies = [...new Set(outcomes.map(({ strategy }) => strategy))];
  return table(
    ["strategy", ...shares.map((share) => percent(share))],
    strategies.map((strategy) => [
      strategy,
      ...outcomes.filter((outcome) => outcome.strategy === strategy).map(show),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: [...head],
    colAligns: head.map((name) => (name === "strategy" ? "left" : "right")),
    // Without lines inside the widest table fits 80 columns.
    chars: {
      mid: "",
      "left-mid": "",
      "mid-mid": "",
      "right-mid": "",
      middle: "",
      "top-mid": "",
      "bottom-mid": "",
    },
    style: { head: [], border: [] },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}

function tokens(value: bigint): string {
  return group(value / TOKEN);
}

/**
 * Formats micro-tokens as tokens, with all decimals below a thousand tokens: some strategies gain
 * only what rounding leaves.
 */
function fine(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  const rest = String(magnitude % TOKEN)
    .padStart(6, "0")
    .replace(/0+$/, "");
  const sign = value < 0n ? "-" : "";
  const isWhole = rest === "" || magnitude >= 1_000n * TOKEN;
  return `${sign}${group(magnitude / TOKEN)}${isWhole ? "" : `.${rest}`}`;
}

function percent(share: BasisPoints): string {
  return `${share / 100} %`;
}
