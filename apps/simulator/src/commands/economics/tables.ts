import Table from "cli-table3";
import type { AttackOutcome } from "./attacks.ts";
import { type BasisPoints, TOKEN } from "./economy.ts";
import type { SupplyYear } from "./supply.ts";
import { UPTIMES, type ValidatorIncome } from "./validators.ts";

/** Supply year by year, in whole tokens. */
export function supplyTable(years: readonly SupplyYear[]): string {
  return table(
    ["year", "schedule at most", "minted", "burned at least", "supply"],
    years.map(({ year, scheduled, minted, burned, supply }) => [
      String(year),
      ...[scheduled, minted, burned, supply].map(tokens),
    ]),
  );
}

/** Yearly income by part of the stake and uptime, in whole tokens. */
export function validatorTable(incomes: readonly ValidatorIncome[]): string {
  return table(
    ["stake", ...UPTIMES.map((uptime) => `${uptime} % up`)],
    incomes.map(({ share, byUptime }) => [percent(share), ...byUptime.map(tokens)]),
  );
}

/** Each strategy for each part of the stake: a day's gain in tokens, and what evidence costs. */
export function attackTable(outcomes: readonly AttackOutcome[]): string {
  return table(
    ["strategy", "stake", "gain a day", "each time caught", "note"],
    outcomes.map(({ strategy, share, gainPerDay, slashed, note }) => [
      strategy,
      percent(share),
      fine(gainPerDay),
      slashed === 0n ? "" : `-${tokens(slashed)}`,
      note,
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: [...head],
    colAligns: head.map((name) => (name === "note" || name === "strategy" ? "left" : "right")),
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    style: { head: [], border: [] },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}

function tokens(value: bigint): string {
  return group(value / TOKEN);
}

/** With all six places: dust is what some strategies are about. */
function fine(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  const rest = String(magnitude % TOKEN).padStart(6, "0");
  return `${value < 0n ? "-" : ""}${group(magnitude / TOKEN)}.${rest}`;
}

function group(value: bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function percent(share: BasisPoints): string {
  return `${share / 100} %`;
}
