import type { Position, Span } from "../../obligation.ts";

/** What kind of thing is wrong with a source. Public API, unlike the messages. */
export type DiagnosticCode =
  /** Not UTF-8, or a character that sources may not contain. */
  | "encoding"
  /** A bound of `LANGUAGE_LIMITS` is exceeded. */
  | "limit"
  /** A character or token that cannot stand here. */
  | "syntax"
  /** Part of the language's syntax that this version cannot judge; the message names it. */
  | "unsupported"
  | "unknown-name"
  | "unknown-type"
  | "unknown-field"
  | "duplicate"
  /** An expression, modifier or statement of the wrong type. */
  | "type"
  /** A write that only intents of the genesis list may contain. */
  | "privileged"
  /** Something that every intent must have is not there. */
  | "missing";

/** One thing that is wrong with a source, and where. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** One sentence: what was expected, or what to write instead. */
  readonly message: string;
  readonly span: Span;
}

/** Unwinds the lexer and the parser at the first thing they cannot read. Never leaves the package. */
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
 * The line of the source with carets under the span, as compilers print it. A long line is cut
 * around the span; a span over several lines is marked on its first.
 */
export function renderDiagnostic(source: string, diagnostic: Diagnostic): string {
  const { start, end } = diagnostic.span;
  const points = Array.from(source.split(/\r\n|\r|\n/)[start.line - 1] ?? "");
  const from = Math.max(0, start.column - 1 - contextMax);
  const shown = points.slice(from, start.column - 1 + contextMax);
  const last = end.line === start.line ? end.column : points.length + 1;
  const width = Math.max(1, Math.min(last - start.column, from + shown.length - start.column + 1));
  const margin = " ".repeat(String(start.line).length);
  // Tabs are kept in the indent, so the caret stands under the character whatever a tab's width.
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

/** `line:column`. */
export function renderPosition(position: Position): string {
  return `${position.line}:${position.column}`;
}
