import Table from "cli-table3";

/** Column of a table that is drawn without lines. */
export interface Column {
  readonly align: "left" | "right";
  /**
   * Width in columns of the screen, without the gap to the next column. Default: the width of the
   * widest cell.
   */
  readonly width?: number;
}

/** Spaces between two columns. */
export const GAP = 2;

/**
 * Formats a table without lines. Cells may have colours and wide characters. A cell that is longer
 * than its column's width is cut and ends in an ellipsis.
 */
export function layOut(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const table = new Table({
    colAligns: columns.map(({ align }) => align),
    colWidths: columns.map(({ width }, at) => withGap(width, at === columns.length - 1)),
    chars: NO_LINES,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) {
    table.push(
      row.map((content, at) => ({
        content,
        style: { "padding-right": at === columns.length - 1 ? 0 : GAP },
      })),
    );
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/**
 * Returns the columns that a text takes on a terminal. East Asian characters and pictograms take
 * two.
 */
export function screenWidth(text: string): number {
  return Array.from(text).reduce((sum, point) => sum + (WIDE.test(point) ? 2 : 1), 0);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]/u;

function withGap(width: number | undefined, last: boolean): number | null {
  if (width === undefined) return null;
  return last ? width : width + GAP;
}

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
} as const;
