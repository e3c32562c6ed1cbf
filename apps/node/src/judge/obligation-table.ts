import { toResource } from "@aethel/models";
import { group } from "@aethel/terminal";
import { difficultyOf, type ObligationReport } from "@aethel/verifier";
import { colour, paintVerdict } from "../terminal/colour.ts";
import { type Column, GAP, layOut, screenWidth } from "../terminal/columns.ts";
import { wrap } from "../terminal/format.ts";
import { visible } from "../terminal/visible.ts";
import type { JudgedFile } from "./report.ts";
import { MARKS } from "./summary-table.ts";

/**
 * Least width, in columns, of a table that has the columns proof and resource in addition to
 * difficulty.
 */
const ROOMY = 88;

/**
 * Formats a table of the obligations (formulas to prove) of a file: claim, place, verdict and cost.
 * Empty if there are none.
 */
export function obligationLines(report: JudgedFile, width: number): readonly string[] {
  const { obligations = [] } = report;
  if (obligations.length === 0) return [];
  const isRoomy = width >= ROOMY;
  const numbers = isRoomy ? ["proof", "resource", "difficulty"] : ["difficulty"];
  const head = ["", "obligation", "", "line", ...numbers];
  // Obligations that are not valid come first.
  const sorted = [
    ...obligations.filter(({ verdict }) => verdict !== "valid"),
    ...obligations.filter(({ verdict }) => verdict === "valid"),
  ];
  const several = new Set(obligations.map(({ intent }) => intent)).size > 1;
  const rows = sorted.map((one) => {
    const { kind, intent, label, span, verdict, resource } = one;
    return {
      verdict,
      cells: [
        MARKS[verdict],
        kind,
        `${several ? `${intent}: ` : ""}${visible(shorten(label))}`,
        `${span.start.line}:${span.start.column}`,
        ...(isRoomy ? [proofOf(one), group(resource)] : []),
        group(shareOf(one)),
      ],
    };
  });
  const widths = head.map((word, at) =>
    rows.reduce((most, { cells }) => Math.max(most, screenWidth(cells[at] ?? "")), word.length),
  );
  const others = widths.reduce((sum, one, at) => sum + (at === LABEL ? 0 : one + GAP), 0);
  const labelWidth = Math.max(12, Math.min(widths[LABEL] ?? 0, width - others));
  const columns = head.map((_, at): Column => {
    const align = at <= LABEL ? "left" : "right";
    return { align, width: at === LABEL ? labelWidth : (widths[at] ?? 0) };
  });
  const painted = rows.map(({ verdict, cells }) =>
    cells.map((cell, at) => {
      const text = at === LABEL ? wrap(cell, labelWidth).join("\n") : cell;
      const isPainted = at === 0 || (verdict !== "valid" && at <= LABEL);
      return isPainted ? paintVerdict(verdict, text) : text;
    }),
  );
  const headed = head.map((word) => (word === "" ? word : colour.dim(word)));
  const sum = wrap(sumOf(report), width).map((line) => colour.dim(line));
  return [...layOut(columns, [headed, ...painted]), ...sum];
}

const LABEL = 2;

/**
 * Formats the size of an obligation's certificate: `none` if only the solver proved it, `-` if it
 * is not proved.
 */
function proofOf({ certificate, code }: ObligationReport): string {
  return certificate === undefined ? (code === undefined ? "-" : "none") : `${certificate.bytes} B`;
}

/** Removes the end of a label if it repeats the kind of the obligation. */
function shorten(label: string): string {
  return label.replace(/ holds after the effects$/, "");
}

/**
 * Returns the part of a file's difficulty that one obligation contributes by the solver's work on
 * it.
 */
function shareOf({ resource }: ObligationReport): number {
  return difficultyOf({ resource, proofBytes: 0 }) - difficultyOf(NOTHING);
}

/** Describes the difficulty of a file as the sum of its two parts, for solving and for size. */
function sumOf({ difficulty, bytes }: JudgedFile): string {
  const size = difficultyOf({ ...NOTHING, proofBytes: bytes });
  return `difficulty ${group(difficulty)}: ${group(difficulty - size)} for solving, ${group(size)} for ${group(bytes)} bytes`;
}

const NOTHING = { resource: toResource(0), proofBytes: 0 } as const;
