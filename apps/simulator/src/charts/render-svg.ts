import * as echarts from "echarts";
import type { Chart, ChartLine } from "./chart.ts";

/**
 * Line colours on a light and on a dark page: the palette of Okabe and Ito for colour-blind
 * readers, darkened or lightened for contrast. Each line also has a dash pattern and a name at its
 * end.
 */
const PALETTE = [
  { light: "#0072b2", dark: "#56b4e9" },
  { light: "#c44e00", dark: "#ff9d57" },
  { light: "#00795a", dark: "#2fd6a3" },
  { light: "#9a3f87", dark: "#e6a3d4" },
  { light: "#8a6d00", dark: "#f0c94b" },
  { light: "#4d4d4d", dark: "#c4cad4" },
] as const;
const DASHES = ["solid", [9, 4], [2, 3], [12, 3, 2, 3], [5, 5], [1, 5]] as const;

/** Colours of page, text and axes. */
const PAGE = { light: "#ffffff", dark: "#14171c" } as const;
const INK = { light: "#1f2328", dark: "#e6e9ee" } as const;
const FAINT = { light: "#5c6370", dark: "#a3abb8" } as const;
const GRID = { light: "#d9dde3", dark: "#343a44" } as const;

const SIZE = { width: 880, height: 480 } as const;

/**
 * Renders a chart as a complete SVG, with colours for light pages, and for dark ones if the viewer
 * prefers them.
 */
export function renderSvg(chart: Chart): string {
  const drawing = echarts.init(undefined, undefined, { renderer: "svg", ssr: true, ...SIZE });
  drawing.setOption({
    animation: false,
    backgroundColor: PAGE.light,
    color: PALETTE.map(({ light }) => light),
    title: {
      text: chart.title,
      subtext: chart.note ?? "",
      left: 24,
      top: 14,
      borderColor: "transparent",
      textStyle: { color: INK.light, fontSize: 18 },
      subtextStyle: { color: FAINT.light, fontSize: 13 },
    },
    grid: { left: 84, right: 210, top: 104, bottom: 64 },
    xAxis: {
      ...(isToScale(chart.steps)
        ? { type: "value", min: Number(chart.steps[0]), max: Number(chart.steps.at(-1)) }
        : { type: "category", data: [...chart.steps], boundaryGap: false }),
      name: chart.axis,
      nameGap: 32,
      ...AXIS,
      nameLocation: "middle",
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      name: chart.unit ?? "",
      ...AXIS,
      nameLocation: "end",
      nameTextStyle: { ...AXIS.nameTextStyle, align: "left", padding: [0, 0, 4, -58] },
      splitLine: { lineStyle: { color: GRID.light } },
    },
    series: chart.lines.map((line, at) => seriesOf(chart, line, at)),
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return darkToo(svg);
}

const AXIS = {
  nameTextStyle: { color: FAINT.light, fontSize: 13 },
  axisLabel: { color: FAINT.light, fontSize: 13 },
  axisLine: { lineStyle: { color: FAINT.light } },
  axisTick: { lineStyle: { color: FAINT.light } },
} as const;

function seriesOf(chart: Chart, { name, values }: ChartLine, at: number): object {
  const { steps, marks = [] } = chart;
  const isOne = chart.lines.length === 1;
  const color = PALETTE[at % PALETTE.length]?.light ?? INK.light;
  return {
    type: "line",
    name,
    data: values.map((value, step) => [steps[step] ?? "", value]),
    symbol: "none",
    // Earlier lines are wider, so that they show beside later ones in the same place.
    lineStyle: { color, width: Math.max(2, 5 - 0.6 * at), type: DASHES[at % DASHES.length] },
    endLabel: { show: !isOne, formatter: name, color, fontSize: 13, distance: 8 },
    labelLayout: { moveOverlap: "shiftY" },
    ...(at > 0 || marks.length === 0
      ? {}
      : {
          markLine: {
            symbol: "none",
            silent: true,
            lineStyle: { color: FAINT.light, type: [4, 4], width: 1 },
            label: { color: FAINT.light, fontSize: 13, formatter: "{b}" },
            data: marks.map((mark) => ({ xAxis: mark.at, name: mark.name })),
          },
        }),
  };
}

/** Tells whether steps are ascending numbers, which are drawn to scale. */
function isToScale(steps: readonly string[]): boolean {
  return steps.every((step, at) => {
    const before = at === 0 ? Number.NEGATIVE_INFINITY : Number(steps[at - 1]);
    return step !== "" && Number(step) > before;
  });
}

/** Adds a style sheet for dark pages, which overrides the attributes of the drawing. */
function darkToo(svg: string): string {
  const rules = [PAGE, INK, FAINT, GRID, ...PALETTE].map(
    ({ light, dark }) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`,
  );
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join("")}}</style>`;
  const end = svg.indexOf(">") + 1;
  return svg.slice(0, end) + style + svg.slice(end);
}
