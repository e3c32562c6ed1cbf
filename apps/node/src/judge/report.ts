import path from "node:path";
import type { Counterexample, TheoremCounterexample } from "@aethel/verifier";
import { colour, paintVerdict } from "../cli/colour.ts";
import { cut, group, wrap } from "../cli/format.ts";
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

/** The table for people: a row a file, and under it, indented, why it is not valid. */
export function renderTable(reports: readonly JudgedFile[], width: number): string {
  const names = reports.map(({ file }) => path.basename(file).length);
  const nameWidth = Math.min(Math.max(4, ...names), 40);
  const row = (cells: readonly string[], paint = (verdict: string): string => verdict): string => {
    const [name = "", verdict = "", ...numbers] = cells;
    const tail = numbers.map((number, at) => number.padStart(WIDTHS[at] ?? 0)).join("");
    return `${cut(name, nameWidth).padEnd(nameWidth)}  ${paint(verdict.padEnd(9))}${tail}`;
  };
  const lines = [colour.bold(row(["file", "verdict", "difficulty", "resource", "ms"]))];
  for (const report of reports) {
    const { file, verdict, difficulty, resource, ms } = report;
    const cells = [path.basename(file), verdict, group(difficulty), group(resource), ms.toFixed(0)];
    lines.push(row(cells, paintVerdict));
    for (const text of explain(report)) {
      lines.push(...wrap(text, Math.max(40, width) - 4).map((each) => colour.dim(`    ${each}`)));
    }
  }
  const valid = reports.filter(({ verdict }) => verdict === "valid").length;
  return [...lines, "", `${valid} of ${reports.length} valid`].join("\n");
}

/** Of difficulty, resource and milliseconds. */
const WIDTHS: readonly number[] = [11, 13, 8];

function explain({ verdict, reason, counterexample }: JudgedFile): readonly string[] {
  if (verdict === "valid") return [];
  const shown = counterexample === undefined ? [] : counterexampleLines(counterexample);
  const fresh = shown.filter((line) => reason?.includes(line) !== true);
  return [...(reason === undefined ? [] : [reason]), ...fresh];
}
