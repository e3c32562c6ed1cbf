import type { Position, Span } from "../../obligation.ts";

/** Kind of fault in a source. The codes are public API; the messages are not. */
export type DiagnosticCode =
  /** Bytes that are not UTF-8, or a character that sources may not contain. */
  | "encoding"
  /** Part of the source that exceeds one of `LANGUAGE_LIMITS`. */
  | "limit"
  /** Character or token that is not allowed at its place. */
  | "syntax"
  /** Part of the syntax that this version does not support; the message names it. */
  | "unsupported"
  | "unknown-name"
  | "unknown-type"
  | "unknown-field"
  | "duplicate"
  /** Expression, modifier or statement of the wrong type. */
  | "type"
  /** Write to stake, which only intents of the genesis file may contain. */
  | "privileged"
  /** Missing part that is required, such as a condition in the `verify` block. */
  | "missing";

/** Fault of a source, with its place. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** Sentence that says what was expected, or what to write instead. */
  readonly message: string;
  readonly span: Span;
}

/** Error that stops the lexer or the parser at the first fault. It never leaves the package. */
export class DiagnosticStop extends Error {
  override readonly name = "DiagnosticStop";
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Stops reading with one diagnostic. */
export function stop(code: DiagnosticCode, span: Span, message: string): never {
  throw new DiagnosticStop({ code, message, span });
}

const contextMax = 60;

/**
 * Renders a diagnostic: its message, its place, and the line of the source with carets under the
 * span. A long line is cut around the span. A span of several lines is marked only in its first
 * line.
 */
export function renderDiagnostic(source: string, diagnostic: Diagnostic): string {
  const { start, end } = diagnostic.span;
  const points = Array.from(source.split(/\r\n|\r|\n/)[start.line - 1] ?? "");
  const from = Math.max(0, start.column - 1 - contextMax);
  const shown = points.slice(from, start.column - 1 + contextMax);
  const last = end.line === start.line ? end.column : points.length + 1;
  const width = Math.max(1, Math.min(last - start.column, from + shown.length - start.column + 1));
  const margin = " ".repeat(String(start.line).length);
  // Tabs are kept in the indent, so the caret stands under the character at any tab width.
  const indent = shown
    .slice(0, start.column - 1 - from)
    .map((point) => (point === "\t" ? "\t" : " "));
  return [
    `${diagnostic.code}: ${diagnostic.message}`,
    `${margin}--> ${renderPosition(start)}`,
    `${margin} |`,
    `${start.line} | ${shown.join("")}`,
    `${margin} | ${indent.join("")}${"^".repeat(width)}`,
  ].join("\n");
}

/** Prints `line:column`. */
export function renderPosition(position: Position): string {
  return `${position.line}:${position.column}`;
}
