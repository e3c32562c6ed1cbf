import { print } from "../terminal/output.ts";
import { contractMatrix, isOfContract } from "./contract-matrix.ts";
import { type Detail, explain } from "./explain.ts";
import { obligationLines } from "./obligation-table.ts";
import type { Explained, JudgedFile } from "./report.ts";
import { createSummaryTable, totals } from "./summary-table.ts";

/**
 * Output of a run of the Judge over files: each report when it arrives, and totals after the last
 * one.
 */
export interface Screen {
  readonly show: (judged: Explained, at: number) => void;
}

/** Width, in columns, if standard output is not a terminal. */
const WIDTH_DEFAULT = 100;
const WIDTH_MIN = 44;

/**
 * Most failures of one file that are explained. `one`: for a single file, or with `--obligations`.
 * `many`: otherwise.
 */
const MOST = { many: 1, one: 8 } as const;

/** Creates the output for files of these names, in their order. */
export function createScreen(
  names: readonly string[],
  options: {
    readonly obligations?: boolean;
    /** Time at which the run began, from `performance.now()`. */
    readonly begun: number;
  },
): Screen {
  const width = Math.max(WIDTH_MIN, process.stdout.columns ?? WIDTH_DEFAULT);
  const isDetailed = options.obligations ?? names.length === 1;
  const table = createSummaryTable(names, width);
  const detail: Detail = {
    width: width - INDENT.length,
    most: isDetailed ? MOST.one : MOST.many,
    isAll: isDetailed,
  };
  const reports: JudgedFile[] = [];

  function show(judged: Explained, at: number): void {
    const { report } = judged;
    if (at === 0) print(table.header());
    reports.push(report);
    print(table.row(names[at] ?? report.file, report));
    const blocks = blocksOf(judged);
    for (const block of blocks) printBlock(block);
    if (reports.length < names.length) return;
    print(
      `${blocks.some((block) => block.length > 0) ? "" : "\n"}${totals(reports, performance.now() - options.begun)}`,
    );
  }

  /**
   * Returns the blocks of lines about a judged file. A contract has many obligations, so its
   * failures and a matrix are shown, unless `--obligations` asks for each.
   */
  function blocksOf(judged: Explained): readonly (readonly string[])[] {
    const { report } = judged;
    const explained = explain(judged, detail);
    if (!isDetailed) return [explained];
    if (options.obligations !== true && isOfContract(report)) {
      return [explained, contractMatrix(report, detail.width)];
    }
    return [obligationLines(report, detail.width), explained];
  }

  return { show };
}

const INDENT = "    ";

/** Prints a block of lines with an empty line below. */
function printBlock(lines: readonly string[]): void {
  if (lines.length === 0) return;
  for (const line of lines) print(line === "" ? line : `${INDENT}${line}`);
  print("");
}
