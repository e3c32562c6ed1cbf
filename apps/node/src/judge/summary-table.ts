import { group } from "@aethel/terminal";
import { colour, paintVerdict } from "../terminal/colour.ts";
import { type Column, GAP, layOut, screenWidth } from "../terminal/columns.ts";
import { formatMs } from "../terminal/format.ts";
import { cutName } from "./names.ts";
import type { JudgedFile } from "./report.ts";

/**
 * Table whose rows are printed one by one, when each file has been judged. All widths are therefore
 * fixed before the first row.
 */
export interface SummaryTable {
  readonly header: () => string;
  readonly row: (name: string, report: JudgedFile) => string;
}

/** Least width, in columns, of a table that has a column for the solver's units. */
const WIDE = 92;

/**
 * Least width, in columns, of a table that has a column for the trust and the full heading
 * `obligations`.
 */
const ROOMY = 72;

const TRUST_WIDTH = "certified".length;

/** Creates a table for files of these names, at most `width` columns wide. */
export function createSummaryTable(names: readonly string[], width: number): SummaryTable {
  const isWide = width >= WIDE;
  const isRoomy = width >= ROOMY;
  const proved = isRoomy ? "obligations" : "proved";
  const numbers: readonly Column[] = [
    { align: "right", width: proved.length },
    { align: "right", width: 10 },
    ...(isWide ? [{ align: "right", width: 10 } as const] : []),
    { align: "right", width: 7 },
  ];
  const words = isRoomy ? [8, TRUST_WIDTH] : [8];
  const fixed = [1, ...words, ...numbers.map((column) => column.width ?? 0)];
  const taken = fixed.reduce((sum, one) => sum + one + GAP, 0);
  const longest = names.reduce((most, name) => Math.max(most, screenWidth(name)), 4);
  const nameWidth = Math.max(8, Math.min(longest, width - taken));
  const columns: readonly Column[] = [
    { align: "left", width: 1 },
    { align: "left", width: nameWidth },
    ...words.map((each): Column => ({ align: "left", width: each })),
    ...numbers,
  ];
  const line = (cells: readonly string[]): string => layOut(columns, [cells]).join("");
  return {
    header: () => {
      const units = isWide ? ["resource"] : [];
      const trust = isRoomy ? ["trust"] : [];
      const names = ["", "file", "verdict", ...trust, proved, "difficulty", ...units, "time"];
      return colour.bold(line(names));
    },
    row: (name, report) => {
      const { verdict, difficulty, resource, ms } = report;
      return line([
        paintVerdict(verdict, MARKS[verdict]),
        cutName(name, nameWidth),
        paintVerdict(verdict),
        ...(isRoomy ? [trustOf(report)] : []),
        provedOf(report),
        difficulty === 0 ? "-" : group(difficulty),
        ...(isWide ? [difficulty === 0 ? "-" : group(resource)] : []),
        formatMs(ms),
      ]);
    },
  };
}

/** Marks of verdicts, for output without colours. */
export const MARKS = { valid: "✓", refuted: "✗", unknown: "?", rejected: "!" } as const;

/** Formats the last line: the number of files with each verdict, and the total time. */
export function totals(reports: readonly JudgedFile[], elapsedMs: number): string {
  const of = (verdict: JudgedFile["verdict"]): number =>
    reports.filter((report) => report.verdict === verdict).length;
  const others = (["refuted", "unknown", "rejected"] as const)
    .filter((verdict) => of(verdict) > 0)
    .map((verdict) => paintVerdict(verdict, `${of(verdict)} ${verdict}`));
  const valid = `${of("valid")} of ${reports.length} valid`;
  const all = of("valid") === reports.length ? paintVerdict("valid", valid) : valid;
  return `${[all, ...others].join(", ")} ${colour.dim(`in ${formatMs(elapsedMs)}`)}`;
}

/**
 * Returns the basis of the verdict `valid`. `none` if the solver proved the file but there is no
 * certificate, and `-` in all other cases.
 */
function trustOf({ trust, code }: JudgedFile): string {
  if (trust === "certified") return colour.green(trust);
  return trust ?? (code === "uncertified" ? "none" : "-");
}

function provedOf({ obligations }: JudgedFile): string {
  if (obligations === undefined) return "-";
  return `${obligations.filter(({ verdict }) => verdict === "valid").length}/${obligations.length}`;
}
