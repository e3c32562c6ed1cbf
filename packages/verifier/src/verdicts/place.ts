import type { Position, Span } from "../obligation.ts";

/** Returns the span of one character of a script, at an offset in UTF-16 units. */
export function spanAt(bytes: Uint8Array, offset: number): Span {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const start = positionAt(text, offset);
  return { start, end: { ...start, offset: start.offset + 1, column: start.column + 1 } };
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) line++;
  return { offset, line, column: Array.from(before.slice(lineStart)).length + 1 };
}
