/** Line of a chart: a value for each step; NaN leaves a gap. */
export interface ChartLine {
  readonly name: string;
  readonly values: readonly number[];
}

/** Lines over one axis, with the meaning of the numbers. */
export interface Chart {
  readonly title: string;
  /** Assumption behind the numbers, or hint for reading them. Undefined: there is none. */
  readonly note?: string;
  /**
   * Name of the horizontal axis, whose steps are `steps`. If they are ascending numbers, the axis
   * is drawn to scale.
   */
  readonly axis: string;
  readonly steps: readonly string[];
  /** Unit of the values. Undefined: they have none. */
  readonly unit?: string;
  readonly lines: readonly ChartLine[];
  /** Marked places on the horizontal axis. Default: none. */
  readonly marks?: readonly { readonly at: number; readonly name: string }[];
}
