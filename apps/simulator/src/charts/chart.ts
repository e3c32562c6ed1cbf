/** One line of a chart: as many values as the chart has steps; NaN leaves a gap. */
export interface ChartLine {
  readonly name: string;
  readonly values: readonly number[];
}

/** Lines over one axis. What the numbers mean stands in the chart itself. */
export interface Chart {
  readonly title: string;
  /** What is assumed, or what to look for. */
  readonly note?: string;
  /** Name of the horizontal axis, and what stands at it; ascending numbers are drawn to scale. */
  readonly axis: string;
  readonly steps: readonly string[];
  /** What the values count. */
  readonly unit?: string;
  readonly lines: readonly ChartLine[];
  /** Places on the horizontal axis that mean something. */
  readonly marks?: readonly { readonly at: number; readonly name: string }[];
}
