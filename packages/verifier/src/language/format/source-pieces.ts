import type { Span } from "../../obligation.ts";
import { tokenize } from "../parse/lexer.ts";

/** Token or comment as written. The formatter moves pieces, but never changes their text. */
export interface Piece {
  readonly type: "word" | "number" | "string" | "sign" | "line-comment" | "block-comment";
  /** Text, including quotes and comment marks. Line ends in it are `\n`. */
  readonly text: string;
  /** Number of line ends between the previous piece and this one. */
  readonly newlines: number;
}

/** Splits a text into its pieces, in their order. Throws `DiagnosticStop` if it cannot be read. */
export function piecesOf(text: string): readonly Piece[] {
  const comments: Span[] = [];
  const tokens = tokenize(text, (span) => comments.push(span));
  const found: (Pick<Piece, "type"> & { readonly span: Span })[] = [];
  for (const { type, span } of tokens) {
    if (type === "end") continue;
    found.push({ type: type === "integer" || type === "decimal" ? "number" : type, span });
  }
  for (const span of comments) {
    const block = text.startsWith("/*", span.start.offset);
    found.push({ type: block ? "block-comment" : "line-comment", span });
  }
  const ordered = found.toSorted((a, b) => a.span.start.offset - b.span.start.offset);
  return ordered.map(({ type, span }, at) => {
    const before = text.slice(ordered[at - 1]?.span.end.offset ?? 0, span.start.offset);
    const written = text.slice(span.start.offset, span.end.offset).replaceAll(/\r\n?/g, "\n");
    const newlines = before.match(/\r\n?|\n/g)?.length ?? 0;
    return { type, text: type === "line-comment" ? written.trimEnd() : written, newlines };
  });
}

/** Tells whether a piece is a line comment or a block comment. */
export function isComment(piece: Piece): boolean {
  return piece.type === "line-comment" || piece.type === "block-comment";
}
