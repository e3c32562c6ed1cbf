import { writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolders } from "@aethel/pbft/file";
import { group, natural } from "@aethel/terminal";
import { TestkitError } from "@aethel/testkit";
import type { Command } from "commander";
import type { Chart } from "../charts/chart.ts";
import { drawChart } from "../charts/draw-chart.ts";
import { renderSvg } from "../charts/render-svg.ts";
import { wrap } from "../output/format.ts";
import type { ProgramOutput } from "../output/program-output.ts";
import { writing } from "../output/writing.ts";
import { type AttackOutcome, attackOutcomes } from "./attacks.ts";
import { attackChart, farmingChart, incomeChart, supplyChart } from "./charts.ts";
import { createEconomy, type EconomyFlags } from "./economy.ts";
import { firstShrinkingYear, projectSupply, type SupplyYear } from "./supply.ts";
import { gainTable, slashTable, strategyNotes, supplyTable, validatorTable } from "./tables.ts";
import { UPTIMES, type ValidatorIncome, validatorIncomes } from "./validators.ts";

/** Flags of `aethel-sim economics`. */
export interface EconomicsFlags extends EconomyFlags {
  readonly years: number;
  /** Percentages of the stake, separated by commas. */
  readonly shares: string;
  readonly json?: boolean;
  /** Folder for the charts. Undefined: no charts are written. */
  readonly svg?: string;
}

/** Adds `aethel-sim economics`. */
export function addEconomics(program: Command, output: ProgramOutput): void {
  program
    .command("economics")
    .description("project supply, incomes, and gains and losses of attackers")
    .option("--years <n>", "years of the projection of supply", natural, 12)
    .option("--validators <n>", "number of validators", natural, 100)
    .option("--stake <tokens>", "stake of all validators", natural, 10_000_000)
    .option("--genesis <tokens>", "supply at the start", natural, 100_000_000)
    .option("--difficulty <n>", "difficulty of all proofs of a block", natural, 5_000_000)
    .option("--proofs <n>", "number of proofs in each block", natural, 50)
    .option("--interval <ms>", "time between blocks", natural, 1_000)
    .option("--shares <percents>", "shares of the stake, in percent, by commas", "1,10,20,33.33")
    .option("--json", "print JSON, amounts in micro-tokens")
    .option("--svg <folder>", "write the charts to this folder")
    .action((flags: EconomicsFlags) => output.finish(economics(flags, output.write)));
}

/** Results of the command as numbers; amounts are micro-tokens. */
export interface EconomicsReport {
  readonly supply: readonly SupplyYear[];
  readonly validators: readonly ValidatorIncome[];
  readonly attacks: readonly AttackOutcome[];
}

/**
 * Runs `aethel-sim economics`: projects supply, incomes and the gains of attackers, with the
 * functions by which the ledger pays. The exit code is always 0.
 */
export function economics(flags: EconomicsFlags, write: (line: string) => void): number {
  const economy = createEconomy(flags);
  const shares = sharesOf(flags.shares);
  if (flags.years < 1 || flags.years > 200) refuse("--years: 1 to 200");
  const report: EconomicsReport = {
    supply: projectSupply(economy, flags.years),
    validators: validatorIncomes(economy, shares),
    attacks: shares.flatMap((share) => attackOutcomes(economy, share)),
  };
  const charts = {
    supply: supplyChart(economy, report.supply),
    income: incomeChart(economy, shares),
    attacks: attackChart(economy),
    farming: farmingChart(economy),
  };
  const { svg } = flags;
  if (svg !== undefined) writing("--svg", () => writeCharts(svg, charts));
  if (flags.json === true) {
    write(JSON.stringify({ uptimes: UPTIMES, ...report }, showBigints, 2));
    return 0;
  }
  printReport(flags, report, charts, write);
  return 0;
}

function writeCharts(folder: string, charts: Readonly<Record<string, Chart>>): void {
  makeFolders(folder);
  for (const [name, chart] of Object.entries(charts)) {
    writeFileSync(path.join(folder, `${name}.svg`), renderSvg(chart));
  }
}

function printReport(
  flags: EconomicsFlags,
  report: EconomicsReport,
  charts: Readonly<Record<"supply" | "income" | "attacks" | "farming", Chart>>,
  write: (line: string) => void,
): void {
  const [validators, stake, difficulty, interval] = [
    flags.validators,
    flags.stake,
    flags.difficulty,
    flags.interval,
  ].map(group);
  const assumed = `${validators} validators with ${stake} tokens of stake in all; every block has difficulty ${difficulty} in ${flags.proofs} proofs; one block each ${interval} ms; all sign.`;
  write(`${wrap(assumed)}\n`);
  write("Supply at the end of each year, in tokens since genesis");
  write(supplyTable(report.supply));
  write(`${wrap(shrinkNote(report.supply))}\n`);
  write(`${drawChart(charts.supply)}\n`);
  write("What a validator earns in the first year, in tokens, by stake and uptime");
  write(`${validatorTable(report.validators)}\n`);
  write(`${drawChart(charts.income)}\n`);
  write("What an attacker gains a day, in tokens, against following the protocol");
  write(gainTable(report.attacks));
  write(`${strategyNotes(report.attacks)}\n`);
  write("What evidence costs it, in tokens, each time that it is caught");
  write(`${slashTable(report.attacks)}\n`);
  write(`${drawChart(charts.attacks)}\n`);
  write(drawChart(charts.farming));
}

function shrinkNote(years: readonly SupplyYear[]): string {
  const first = firstShrinkingYear(years);
  return first === undefined
    ? "In every year more is minted than burned."
    : `From year ${first} on more is burned than minted: what is burned follows the work, what is minted the schedule, which halves.`;
}

function sharesOf(text: string): readonly number[] {
  return text.split(",").map((part) => {
    const share = Math.round(Number(part) * 100);
    if (share >= 1 && share <= 9_000) return share;
    return refuse("--shares: percents of the stake from 0.01 to 90, separated by commas");
  });
}

function showBigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function refuse(problem: string): never {
  throw new TestkitError({ code: "CONFIG", problems: [problem] });
}
