import { parseSource } from "../parse/parse.ts";
import { decodeSource, originSpan } from "../parse/source.ts";
import { type Diagnostic, DiagnosticStop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import { forcedBreaks, joinPieces, type Layout, WIDTH, wrapPieces } from "./join-pieces.ts";
import { isComment, type Piece, piecesOf } from "./source-pieces.ts";

/** Formatted source, or the diagnostics for a source that cannot be read. */
export type FormatResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Formats a source: one statement a line, two columns of indentation a level, at most one empty
 * line in a row, and lines of at most 100 columns where they can be broken. Tokens, comments, their
 * order, and line breaks inside a statement stay. So the program is the same, and formatting again
 * changes nothing. Any bytes give a text or diagnostics.
 */
export function formatSource(source: Uint8Array | string): FormatResult {
  const decoded = decodeSource(source);
  if (!decoded.ok) return decoded;
  const parsed = parseSource(decoded.text);
  if (!parsed.ok) return parsed;
  try {
    const text = layOut(linesOf(piecesOf(decoded.text)));
    return new TextEncoder().encode(text).length > LANGUAGE_LIMITS.sourceBytes
      ? tooLong
      : { ok: true, text };
  } catch (error) {
    if (error instanceof DiagnosticStop) return { ok: false, diagnostics: [error.diagnostic] };
    throw error;
  }
}

const tooLong: FormatResult = {
  ok: false,
  diagnostics: [
    {
      code: "limit",
      message: `laid out, the source would have more than ${LANGUAGE_LIMITS.sourceBytes} bytes`,
      span: originSpan,
    },
  ],
};

/**
 * Logical line: a statement, comment or bracket that begins on a new line. It may take several
 * lines.
 */
interface Line {
  readonly kind: "open" | "close" | "statement" | "comment";
  readonly pieces: readonly Piece[];
  /** Comments after the end of the logical line's last line. */
  readonly trailing: readonly Piece[];
  readonly depth: number;
  /** Whether the source has an empty line before this line. */
  readonly apart: boolean;
}

function linesOf(pieces: readonly Piece[]): readonly Line[] {
  const lines: Line[] = [];
  let open: Piece[] = [];
  let depth = 0;
  for (const piece of pieces) {
    const last = lines.at(-1);
    const isStart = open.length === 0;
    if (isStart && isComment(piece) && piece.newlines === 0 && last !== undefined) {
      lines[lines.length - 1] = { ...last, trailing: [...last.trailing, piece] };
      continue;
    }
    open.push(piece);
    const kind = lineEnd(piece, isStart);
    if (kind === undefined) continue;
    if (kind === "close") depth--;
    const apart = (open[0]?.newlines ?? 0) > 1;
    lines.push({ kind, pieces: open, trailing: [], depth, apart });
    if (kind === "open") depth++;
    open = [];
  }
  return lines;
}

function lineEnd(piece: Piece, isStart: boolean): Line["kind"] | undefined {
  if (isComment(piece)) return isStart ? "comment" : undefined;
  if (piece.type !== "sign") return undefined;
  if (piece.text === "{") return "open";
  if (piece.text === "}") return "close";
  return piece.text === ";" ? "statement" : undefined;
}

function layOut(lines: readonly Line[]): string {
  let text = "";
  lines.forEach((line, at) => {
    const before = lines[at - 1];
    if (before !== undefined && isEmptyBlock(before, line)) {
      text = `${text.slice(0, -1)}}${trailingText(line)}\n`;
      return;
    }
    if (before !== undefined && isApart(before, line)) text += "\n";
    text += `${lineText(line)}${trailingText(line)}\n`;
  });
  return text;
}

function isEmptyBlock(before: Line, line: Line): boolean {
  return before.kind === "open" && line.kind === "close" && before.trailing.length === 0;
}

/**
 * Tells whether an empty line separates two lines. Programs are always separated; within a program
 * there is an empty line where the author put one.
 */
function isApart(before: Line, line: Line): boolean {
  if (before.kind === "open" || line.kind === "close") return false;
  if (line.apart) return true;
  const closesProgram = before.kind === "close" && !isBlockOfIntent(line);
  return closesProgram || (before.kind === "statement" && line.kind === "open" && line.depth === 0);
}

function isBlockOfIntent(line: Line): boolean {
  if (line.kind === "comment") return line.depth > 0;
  return /^(?:guard|effect|solve|verify)$/.test(line.pieces[0]?.text ?? "");
}

function trailingText(line: Line): string {
  return line.trailing.map((piece) => ` ${piece.text}`).join("");
}

function lineText({ kind, pieces, depth }: Line): string {
  const indent = 2 * depth;
  const flat: Layout = { breaks: forcedBreaks(pieces), indent, continuation: () => indent + 2 };
  if (kind === "open" && pieces.some((piece) => piece.text === "(")) {
    return joinPieces(pieces, headLayout(pieces, flat));
  }
  const breaks = pieces.map((piece, at) => {
    const wanted = at > 0 && piece.newlines > 0 && !/^[;,)\]]$/.test(piece.text);
    return wanted || flat.breaks[at] === true;
  });
  return joinPieces(pieces, wrapPieces(pieces, { ...flat, breaks }));
}

/**
 * Lays out the parameters of an intent. They stay on the line of the name if they fit and the
 * author had them there. Otherwise they go below it: grouped as the author grouped them, or all on
 * one line, or each on its own line if they do not fit on one.
 */
function headLayout(pieces: readonly Piece[], flat: Layout): Layout {
  const opening = pieces.findIndex((piece) => piece.text === "(");
  const closing = pieces.findLastIndex((piece) => piece.text === ")");
  const isForced = (at: number): boolean => flat.breaks[at] === true;
  const isBroken = pieces.some(
    (piece, at) => at > opening && at <= closing && (piece.newlines > 0 || isForced(at)),
  );
  if (closing - opening < 2 || (fits(pieces, flat) && !isBroken)) return flat;
  const afterComma = (at: number): boolean =>
    at > opening && at < closing && pieces[at - 1]?.text === ",";
  const isGrouped = pieces.some((piece, at) => afterComma(at) && piece.newlines > 0);
  const continuation = (at: number): number => flat.indent + (at === closing ? 0 : 2);
  const withBreaks = (extra: (at: number) => boolean): Layout => {
    const breaks = pieces.map(
      (_piece, at) => at === opening + 1 || at === closing || isForced(at) || extra(at),
    );
    return { ...flat, breaks, continuation };
  };
  if (isGrouped) return withBreaks((at) => afterComma(at) && (pieces[at]?.newlines ?? 0) > 0);
  const together = withBreaks(() => false);
  return fits(pieces, together) ? together : withBreaks(afterComma);
}

function fits(pieces: readonly Piece[], layout: Layout): boolean {
  return joinPieces(pieces, layout)
    .split("\n")
    .every((line) => line.length <= WIDTH);
}
