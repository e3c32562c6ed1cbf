import { group } from "@aethel/terminal";
import Table from "cli-table3";
import type { Axis, Point } from "./axes.ts";
import type { PointFigures } from "./figures.ts";

/** Point (a combination of the varied options) with its figures. */
export interface SweepRow {
  readonly point: Point;
  readonly figures: PointFigures;
}

/** Formats a table with a line for each point, and lists the violations below it. */
export function sweepTable(
  axes: readonly Axis[],
  rows: readonly SweepRow[],
  wanted: { readonly worlds: number },
): string {
  const isCut = rows.some(({ figures }) => figures.worlds < wanted.worlds);
  const head = [
    ...axes.map(({ name }) => name),
    ...(isCut ? ["worlds"] : []),
    "p50 ms",
    "p99 ms",
    "view ch.",
    "blocks",
    "proofs",
    "msgs/block",
  ];
  const table = new Table({
    head,
    colAligns: head.map(() => "right"),
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    style: { head: [], border: [] },
  });
  for (const { point, figures } of rows) {
    table.push([
      ...point.values,
      ...(isCut ? [String(figures.worlds)] : []),
      figure(figures.finalityP50Ms),
      figure(figures.finalityP99Ms),
      figure(figures.viewChanges),
      figure(figures.blocks),
      figure(figures.proofs),
      figure(figures.messagesPerBlock),
    ]);
  }
  const notes = rows.flatMap((row) => violations(axes, row));
  return [table.toString(), ...notes].join("\n");
}

/** Formats a figure with at most one decimal; `-` for undefined. */
function figure(value: number | undefined): string {
  return value === undefined ? "-" : group(Number(value.toFixed(1)));
}

function violations(axes: readonly Axis[], { point, figures }: SweepRow): readonly string[] {
  const where = axes.map(({ name }, at) => `${name} ${point.values[at]}`).join(", ");
  return Object.entries(figures.violated)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(
      ([checker, count]) => `${where}: ${checker} violated in ${count} of ${figures.worlds} worlds`,
    );
}
