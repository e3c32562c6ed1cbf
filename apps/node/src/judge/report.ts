import path from "node:path";
import type { Counterexample, TheoremCounterexample } from "@aethel/verifier";
import Table from "cli-table3";
import { colour, paintVerdict } from "../cli/colour.ts";
import { group } from "../cli/format.ts";
import { counterexampleLines } from "./counterexample.ts";
import type { FileKind } from "./file.ts";

/** What is said of one file; the object that `--json` prints. */
export interface JudgedFile {
  readonly file: string;
  readonly kind: FileKind | "unknown";
  readonly verdict: "valid" | "refuted" | "unknown" | "rejected";
  readonly difficulty: number;
  readonly resource: number;
  /** From reading the file to its verdict, waiting for a free worker included. */
  readonly ms: number;
  readonly reason?: string;
  readonly counterexample?: Counterexample | TheoremCounterexample;
  readonly notes?: readonly string[];
}

/** One line of `aethel judge --json`. */
export function toJsonLine(report: JudgedFile): string {
  return JSON.stringify({ ...report, ms: Math.round(report.ms * 10) / 10 });
}

/** Widths of all columns but the first and the last, borders and padding included. */
const FIXED_WIDTH = 58;

/** The table for people, fitted to a terminal's width. */
export function renderTable(reports: readonly JudgedFile[], width: number): string {
  const names = reports.map(({ file }) => path.basename(file).length + 2);
  const nameWidth = Math.min(Math.max(8, ...names), 34);
  const table = new Table({
    head: ["file", "verdict", "difficulty", "resource", "ms", "reason"].map((word) =>
      colour.bold(word),
    ),
    colWidths: [nameWidth, 11, 13, 13, 9, Math.max(24, width - FIXED_WIDTH - nameWidth)],
    colAligns: ["left", "left", "right", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  for (const report of reports) {
    table.push([
      path.basename(report.file),
      paintVerdict(report.verdict),
      group(report.difficulty),
      group(report.resource),
      report.ms.toFixed(0),
      explain(report).join("\n"),
    ]);
  }
  const valid = reports.filter(({ verdict }) => verdict === "valid").length;
  return `${table.toString()}\n${valid} of ${reports.length} valid`;
}

function explain({ reason, counterexample, notes }: JudgedFile): readonly string[] {
  const shown = counterexample === undefined ? [] : counterexampleLines(counterexample);
  return [...(reason === undefined ? [] : [reason]), ...shown, ...(notes ?? [])];
}
