import { parseSource } from "../parse/parse.ts";
import { decodeSource, originSpan } from "../parse/source.ts";
import { type Diagnostic, DiagnosticStop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import {
  continuationOf,
  forcedBreaks,
  isRuleStart,
  joinPieces,
  type Layout,
  WIDTH,
  wrapPieces,
} from "./join-pieces.ts";
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
  /** Block that contains the line. */
  readonly within: Block;
  /** Whether the source has an empty line before it. */
  readonly apart: boolean;
}

/** Source as a whole, or a block by what it holds. Braces inside a statement are no blocks. */
type Block = "source" | "contract" | "batch" | "intent" | "statements";

function linesOf(pieces: readonly Piece[]): readonly Line[] {
  const lines: Line[] = [];
  const blocks: Block[] = ["source"];
  let open: Piece[] = [];
  let braces = 0;
  for (const piece of pieces) {
    const last = lines.at(-1);
    const isStart = open.length === 0;
    if (isStart && isComment(piece) && piece.newlines === 0 && last !== undefined) {
      lines[lines.length - 1] = { ...last, trailing: [...last.trailing, piece] };
      continue;
    }
    const within = blocks.at(-1) ?? "source";
    const opened = braces === 0 && isSign(piece, "{") ? blockOpened(open, within) : undefined;
    const isInner = opened === undefined && (braces > 0 || isSign(piece, "{"));
    if (isInner && isSign(piece, "{")) braces++;
    if (isInner && isSign(piece, "}")) braces--;
    open.push(piece);
    const kind = isInner ? innerEnd(open, { within, braces }) : lineEnd(piece, isStart);
    if (kind === undefined) continue;
    if (kind === "close") blocks.pop();
    const apart = (open[0]?.newlines ?? 0) > 1;
    const depth = blocks.length - 1;
    lines.push({ kind, pieces: open, trailing: [], depth, within: blocks.at(-1) ?? within, apart });
    if (opened !== undefined) blocks.push(opened);
    open = [];
  }
  return lines;
}

function isSign({ type, text }: Piece, sign: string): boolean {
  return type === "sign" && text === sign;
}

/** Returns the block that a `{` opens after the pieces of its line. Undefined inside a statement. */
function blockOpened(before: readonly Piece[], within: Block): Block | undefined {
  const word = before.find((piece) => !isComment(piece))?.text;
  switch (within) {
    case "source":
      if (word === "contract") return "contract";
      return word === "atomic_batch" ? "batch" : "intent";
    case "batch":
      return "intent";
    case "contract":
      if (word === "intent") return "intent";
      return word === "record" || word === "state" ? "statements" : undefined;
    case "intent":
      return word === "let" ? undefined : "statements";
    case "statements":
      return undefined;
  }
}

/**
 * Returns the kind of a logical line that ends at a `}` inside it, which only an enumeration does.
 * Undefined if the line does not end there.
 */
function innerEnd(
  line: readonly Piece[],
  { within, braces }: { readonly within: Block; readonly braces: number },
): Line["kind"] | undefined {
  const isEnum = line.find((piece) => !isComment(piece))?.text === "enum";
  return braces === 0 && within === "contract" && isEnum ? "statement" : undefined;
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
  const isBare = before.trailing.length === 0 && line.pieces.length === 1;
  return before.kind === "open" && line.kind === "close" && isBare;
}

/**
 * Tells whether an empty line separates two lines. Programs are always separated, and so are
 * members of a contract that have a block; elsewhere there is an empty line where the author put
 * one.
 */
function isApart(before: Line, line: Line): boolean {
  if (before.kind === "open" || line.kind === "close") return false;
  if (line.apart) return true;
  if (before.kind === "close") return !isInsideIntent(line);
  const isMember = line.within === "source" || line.within === "contract";
  return before.kind === "statement" && line.kind === "open" && isMember;
}

function isInsideIntent({ kind, within }: Line): boolean {
  return within === "intent" || (kind === "comment" && within === "batch");
}

function trailingText(line: Line): string {
  return line.trailing.map((piece) => ` ${piece.text}`).join("");
}

function lineText({ kind, pieces, depth, within }: Line): string {
  const indent = 2 * depth;
  const forced = forcedBreaks(pieces);
  if (kind === "open" && pieces.some((piece) => piece.text === "(")) {
    const flat: Layout = { breaks: forced, indent, continuation: () => indent + 2 };
    return joinPieces(pieces, headLayout(pieces, flat));
  }
  const breaks = pieces.map((piece, at) => {
    const wanted = at > 0 && piece.newlines > 0 && !/^[;,)\]]$/.test(piece.text);
    return wanted || forced[at] === true;
  });
  const layout = { breaks, indent, continuation: continuationOf(pieces, indent) };
  const isRule = kind === "statement" && within === "contract" && isRuleStart(pieces);
  return joinPieces(pieces, isRule ? ruleLayout(pieces, layout) : wrapPieces(pieces, layout));
}

/**
 * Lays out a rule of a contract. It begins on the line of its name if it fits there, or if the
 * author broke it later; otherwise it begins below its name and its `for each`. Lines after the one
 * that begins below a name or a `for each` are indented one level deeper.
 */
function ruleLayout(pieces: readonly Piece[], written: Layout): Layout {
  const starts = ruleStarts(pieces);
  const below = starts.at(-1);
  const isWhole = written.breaks.includes(true) || fits(pieces, written);
  let breaks = isWhole || below === undefined ? written.breaks : written.breaks.with(below, true);
  // A break that is added below a head moves the lines after it, which may need breaks in turn.
  for (;;) {
    const start = starts.find((at) => breaks[at] === true) ?? pieces.length;
    const inner = continuationOf(pieces, written.indent + 2);
    const continuation: Layout["continuation"] = (at, all) =>
      (at > start ? inner : written.continuation)(at, all);
    const layout = wrapPieces(pieces, { ...written, breaks, continuation });
    if (starts.find((at) => layout.breaks[at] === true) === starts.find((at) => breaks[at])) {
      return layout;
    }
    breaks = layout.breaks;
  }
}

/** Returns the pieces after the name of a rule and after each of its `for each`. */
function ruleStarts(pieces: readonly Piece[]): readonly number[] {
  const starts: number[] = [];
  let isHead = true;
  pieces.forEach((piece, at) => {
    if (!isHead || !isSign(piece, ":")) return;
    starts.push(at + 1);
    const next = pieces.slice(at + 1).filter((one) => !isComment(one));
    isHead = next[0]?.text === "for" && next[1]?.text === "each";
  });
  return starts;
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
