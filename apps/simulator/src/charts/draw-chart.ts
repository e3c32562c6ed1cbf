import asciichart from "asciichart";
import { wrap } from "../output/format.ts";
import type { Chart } from "./chart.ts";

const HEIGHT = 12;
/** Columns of the plot. With the scale at its left it fits into 80 columns. */
const WIDTH = 62;
const MARGIN = 10;

/** Draws a chart for a terminal of 80 columns. */
export function drawChart({ title, note, axis, steps, unit, lines }: Chart): string {
  const all = lines.flatMap(({ values }) => values);
  const largest = Math.max(...all.map(Math.abs));
  const digits = largest < 10 ? 2 : largest < 100 ? 1 : 0;
  const plot = asciichart.plot(
    lines.map(({ values }) => stretch(values)),
    { height: HEIGHT, format: (value) => value.toFixed(digits).padStart(MARGIN - 2) },
  );
  const [first = "", last = ""] = [steps[0], steps.at(-1)];
  const between = axis.padStart((WIDTH - 2 + axis.length) / 2 - first.length);
  const about = [unit, note].filter((part) => part !== undefined).join("; ");
  const scale = `${" ".repeat(MARGIN)}${first}${between.padEnd(WIDTH - 1 - first.length - last.length)}${last}`;
  const head = about === "" ? title : `${title}\n${wrap(about)}`;
  return [head, plot.trimEnd(), scale, endsOf(lines)].join("\n");
}

/** Names the lines in the order of their last values, since all lines look alike on a terminal. */
function endsOf(lines: Chart["lines"]): string {
  const groups = new Map<number, string[]>();
  for (const { name, values } of lines) {
    const end = values.at(-1) ?? 0;
    groups.set(end, [...(groups.get(end) ?? []), name]);
  }
  const names = [...groups]
    .toSorted(([left], [right]) => right - left)
    .map(([, together]) => together.join(" = "));
  return wrap(`At the right, from top to bottom: ${names.join(", ")}.`);
}

/** Interpolates values to the columns of the plot. */
function stretch(values: readonly number[]): number[] {
  return Array.from({ length: WIDTH }, (_, column) => {
    const at = (column / (WIDTH - 1)) * (values.length - 1);
    const [low, high] = [values[Math.floor(at)] ?? 0, values[Math.ceil(at)] ?? 0];
    return low + (high - low) * (at - Math.floor(at));
  });
}
