import type { Span } from "@aethel/verifier";
import { visible } from "../terminal/visible.ts";

/** Columns of the margin before a line, such as `1234 | `. */
const MARGIN = 7;

/**
 * Returns the line of a source with carets under a span, in at most `width` columns. A long line is
 * cut around the span. If the span has several lines, only the first is shown. Returns nothing if
 * that line is empty.
 */
export function excerpt(source: string, span: Span, width: number): readonly string[] {
  const { start, end } = span;
  const line = source.split(/\r\n|\r|\n/)[start.line - 1] ?? "";
  if (line.trim() === "") return [];
  const points = Array.from(visible(line).replaceAll("\t", " "));
  const room = Math.max(20, width - MARGIN);
  const at = start.column - 1;
  const to = Math.max(at + 1, end.line === start.line ? end.column - 1 : points.length);
  const from = firstShown({ points, at, to, room });
  const shown = points.slice(from, from + room);
  const carets = Math.max(1, Math.min(to, from + room) - at);
  if (from > 0) shown[0] = "…";
  if (from + room < points.length) shown[shown.length - 1] = "…";
  const number = String(start.line).padStart(4);
  return [
    `${number} | ${shown.join("")}`,
    `${" ".repeat(number.length)} | ${" ".repeat(at - from)}${"^".repeat(carets)}`,
  ];
}

/**
 * Returns the position of the first character to show. It is chosen so that the end of the span is
 * visible if possible, with as much text before the span as fits.
 */
function firstShown(what: {
  readonly points: readonly string[];
  readonly at: number;
  readonly to: number;
  readonly room: number;
}): number {
  const { points, at, to, room } = what;
  if (points.length <= room) return 0;
  const lead = Math.max(2, Math.floor((room - Math.min(to - at, room)) / 2));
  return Math.max(0, Math.min(at - lead, points.length - room));
}
