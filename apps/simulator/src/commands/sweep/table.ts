import Table from "cli-table3";
import { group } from "../../format.ts";
import type { Axis, Point } from "./axes.ts";
import type { PointFigures } from "./figures.ts";

/** Each point of a sweep on a line. */
export function sweepTable(
  axes: readonly Axis[],
  rows: readonly { readonly point: Point; readonly figures: PointFigures }[],
  wanted: { readonly worlds: number },
): string {
  const isCut = rows.some(({ figures }) => figures.worlds < wanted.worlds);
  const isBroken = rows.some(({ figures }) => Object.keys(figures.violated).length > 0);
  const head = [
    ...axes.map(({ name }) => name),
    ...(isCut ? ["worlds"] : []),
    "p50 ms",
    "p99 ms",
    "view ch.",
    "blocks",
    "proofs",
    "msgs/block",
    ...(isBroken ? ["violated"] : []),
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
      ...(isBroken ? [violations(figures)] : []),
    ]);
  }
  return table.toString();
}

/** At most one place, and no more than tells something. */
function figure(value: number | undefined): string {
  return value === undefined ? "-" : group(Number(value.toFixed(1)));
}

function violations({ violated, worlds }: PointFigures): string {
  return Object.entries(violated)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([checker, count]) => `${checker} ${count}/${worlds}`)
    .join(" ");
}
