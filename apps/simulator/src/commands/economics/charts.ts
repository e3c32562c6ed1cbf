import asciichart from "asciichart";
import * as echarts from "echarts";
import { farmingGain } from "./attacks.ts";
import { type Economy, TOKEN } from "./economy.ts";
import type { SupplyYear } from "./supply.ts";

/** A chart: one number for each step of the horizontal axis, for each line. */
export interface Chart {
  readonly title: string;
  readonly axis: string;
  readonly steps: readonly string[];
  readonly lines: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const HEIGHT = 12;
const WIDTH = 60;

/** Supply and schedule, in millions of tokens. */
export function supplyChart(years: readonly SupplyYear[]): Chart {
  const millions = (value: bigint): number => Number(value / TOKEN) / 1_000_000;
  return {
    title: "Supply, millions of tokens",
    axis: "years",
    steps: years.map(({ year }) => String(year)),
    lines: [
      { name: "supply", values: years.map(({ supply }) => millions(supply)) },
      {
        name: "most there can be (genesis + schedule)",
        values: years.map(({ scheduled, supply, minted, burned }) =>
          millions(scheduled + supply - minted + burned),
        ),
      },
    ],
  };
}

/** What farming gains at best of each thousand that a proof mints, by the farmer's part of the stake. */
export function farmingChart(economy: Economy): Chart {
  const own = 1_000_000;
  // Beside little other work, so that the emission cap hides nothing.
  const quiet = { ...economy, difficulty: 0 as typeof economy.difficulty };
  const shares = Array.from({ length: 51 }, (_, percent) => percent);
  return {
    title: "Farming: best case, per thousand that an own proof mints",
    axis: "percent of the stake",
    steps: shares.map(String),
    lines: [
      {
        name: "gain",
        values: shares.map((percent) => {
          const gain = farmingGain(quiet, percent * 100, own);
          return Number(gain * 1_000n) / Number(economy.parameters.baseReward);
        }),
      },
      { name: "nothing", values: shares.map(() => 0) },
    ],
  };
}

/** For a terminal. */
export function drawChart({ title, axis, steps, lines }: Chart): string {
  const plot = asciichart.plot(
    lines.map(({ values }) => stretch(values)),
    { height: HEIGHT, format: (value) => value.toFixed(0).padStart(8) },
  );
  const [first = "", last = ""] = [steps[0], steps.at(-1)];
  const between = " ".repeat(WIDTH - first.length - last.length);
  const scale = `${" ".repeat(10)}${first}${between}${last}  ${axis}`;
  const names = lines
    .toSorted((left, right) => (right.values.at(-1) ?? 0) - (left.values.at(-1) ?? 0))
    .map(({ name }) => name);
  return [title, plot, scale, `at the right from top to bottom: ${names.join(", ")}`].join("\n");
}

/** As many columns as the terminal gets, whatever the number of steps. */
function stretch(values: readonly number[]): number[] {
  return Array.from({ length: WIDTH }, (_, column) => {
    const at = (column / (WIDTH - 1)) * (values.length - 1);
    const [low, high] = [values[Math.floor(at)] ?? 0, values[Math.ceil(at)] ?? 0];
    return low + (high - low) * (at - Math.floor(at));
  });
}

/** For a page or a paper: a drawing that stands alone. */
export function renderSvg({ title, axis, steps, lines }: Chart): string {
  const options = { renderer: "svg" as const, ssr: true, width: 800, height: 480 };
  const chart = echarts.init(undefined, undefined, options);
  chart.setOption({
    animation: false,
    title: { text: title },
    legend: { top: 30 },
    xAxis: { type: "category", name: axis, nameLocation: "middle", nameGap: 30, data: [...steps] },
    yAxis: { type: "value", scale: true },
    series: lines.map(({ name, values }) => ({
      type: "line",
      name,
      data: [...values],
      showSymbol: false,
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
