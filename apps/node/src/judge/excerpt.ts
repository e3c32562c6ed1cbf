import type { Span } from "@aethel/verifier";
import { visible } from "../terminal/visible.ts";

/** Columns for `1234 | `, however the number is long. */
const MARGIN = 7;

/**
 * The line of a source with carets under a span, at most `width` columns wide: a long line is cut
 * around the span, one over several lines is marked on its first, and an empty one is not shown.
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

/** As much before the span as there is room for, its end in view when it fits. */
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
