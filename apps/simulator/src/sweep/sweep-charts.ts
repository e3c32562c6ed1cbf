import type { Chart } from "../charts/chart.ts";
import type { Axis } from "./axes.ts";
import type { PointFigures } from "./figures.ts";

type FigureName = Exclude<keyof PointFigures, "worlds" | "violated">;

const TITLES: readonly (readonly [name: string, figure: FigureName, title: string])[] = [
  ["finality-p50", "finalityP50Ms", "Finality, virtual ms: the median"],
  ["finality-p99", "finalityP99Ms", "Finality, virtual ms: the 99th percentile, worst world"],
  ["view-changes", "viewChanges", "View changes at each honest node"],
  ["blocks", "blocks", "Blocks final at every honest node"],
  ["proofs", "proofs", "Proofs in final blocks"],
  ["messages", "messagesPerBlock", "Messages for each block"],
];

/**
 * Builds the charts of all figures, by file name. The first axis is horizontal, and each value of
 * the second has a line.
 */
export function sweepCharts(
  axes: readonly Axis[],
  figures: readonly PointFigures[],
): ReadonlyMap<string, Chart> {
  const [across, other] = axes;
  const steps = across?.values ?? [];
  const lines = other?.values.map(({ text }) => `${other.name} ${text}`) ?? [""];
  return new Map(
    TITLES.map(([file, name, title]) => [
      file,
      {
        title,
        axis: across?.name ?? "",
        steps: steps.map(({ text }) => text),
        lines: lines.map((line, at) => ({
          name: line === "" ? title : line,
          // A figure without a value leaves a gap.
          values: steps.map((_, step) => figures[step * lines.length + at]?.[name] ?? Number.NaN),
        })),
      },
    ]),
  );
}
