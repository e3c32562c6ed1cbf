import { isReserved } from "../parse/token-stream.ts";
import { isComment, type Piece } from "./source-pieces.ts";

/** Greatest width of a line, in columns. A line that cannot be broken may be longer. */
export const WIDTH = 100;

/** Layout of a logical line. `breaks[i]` says that piece `i` begins a new line. */
export interface Layout {
  readonly breaks: readonly boolean[];
  /**
   * Columns before the first line. `continuation` returns those before a later line that begins
   * with piece `at`.
   */
  readonly indent: number;
  readonly continuation: (at: number) => number;
}

/**
 * Joins the pieces of a logical line by single spaces where they are needed, and by the breaks of
 * the layout.
 */
export function joinPieces(pieces: readonly Piece[], layout: Layout): string {
  let text = " ".repeat(layout.indent);
  pieces.forEach((piece, at) => {
    if (at > 0 && layout.breaks[at] === true) {
      text += `\n${" ".repeat(layout.continuation(at))}`;
    } else if (at > 0 && needsSpace(pieces, at)) {
      text += " ";
    }
    text += piece.text;
  });
  return text;
}

/** Returns the breaks that must be there: one after each line comment. */
export function forcedBreaks(pieces: readonly Piece[]): readonly boolean[] {
  return pieces.map((_piece, at) => pieces[at - 1]?.type === "line-comment");
}

/**
 * Breaks each line that is too long before an operator, or after a comma, so that the first part
 * fits. Takes the operator that binds least, and of several such operators the last. Existing
 * breaks stay, so formatting the result again changes nothing.
 */
export function wrapPieces(pieces: readonly Piece[], layout: Layout): Layout {
  const breaks = [...layout.breaks];
  let start = 0;
  for (;;) {
    const next = breaks.findIndex((isBreak, at) => at > start && isBreak);
    const end = next < 0 ? pieces.length : next;
    const at = overflowBreak(pieces, { ...layout, start, end });
    if (at !== undefined) {
      breaks[at] = true;
      start = at;
    } else if (next < 0) {
      return { ...layout, breaks };
    } else {
      start = next;
    }
  }
}

interface Stretch extends Layout {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the piece before which to break a line that is too long. Undefined if the line is not too
 * long or cannot be broken.
 */
function overflowBreak(pieces: readonly Piece[], stretch: Stretch): number | undefined {
  const { start, end, indent, continuation } = stretch;
  let column = start === 0 ? indent : continuation(start);
  let best: { readonly at: number; readonly rank: number } | undefined;
  let depth = 0;
  for (let at = start; at < end; at++) {
    const piece = pieces[at];
    if (piece === undefined) return undefined;
    const rank = at === start ? undefined : breakRank(pieces, at, depth);
    // Only the part before a break has to fit.
    if (rank !== undefined && (best === undefined || rank <= best.rank)) best = { at, rank };
    if (piece.text === "(" || piece.text === "[") depth++;
    if (piece.text === ")" || piece.text === "]") depth--;
    const space = at > start && needsSpace(pieces, at) ? 1 : 0;
    const lines = piece.text.split("\n");
    const last = lines.at(-1) ?? "";
    column = lines.length > 1 ? last.length : column + space + last.length;
    if (column > WIDTH && best !== undefined) return best.at;
  }
  return undefined;
}

/**
 * Ranks the break before a piece; a lower rank is better. Breaks inside brackets rank after all
 * breaks outside them. Undefined if no break is allowed.
 */
function breakRank(pieces: readonly Piece[], at: number, depth: number): number | undefined {
  const before = pieces[at - 1];
  const text = pieces[at]?.text ?? "";
  const rank = before?.text === "," ? 9 : looseness.get(text);
  if (rank === undefined || (text === "-" && isUnary(pieces, at))) return undefined;
  return depth * 10 + rank;
}

const looseness: ReadonlyMap<string, number> = new Map(
  [
    ["=>", "==>"],
    ["||", "or"],
    ["&&", "and"],
    ["then", "else"],
    ["==", "!=", "<", "<=", ">", ">="],
    ["+", "-"],
    ["*", "/", "%"],
  ].flatMap((words, rank) => words.map((word) => [word, rank] as const)),
);

function needsSpace(pieces: readonly Piece[], at: number): boolean {
  const next = pieces[at];
  const before = pieces[at - 1];
  if (next === undefined || before === undefined) return false;
  if (before.text === "(" || before.text === "[") return false;
  if (isComment(next) || isComment(before)) return !isClosing(next);
  if (before.text === "." || before.text === "!") return false;
  if (before.text === "-" && isUnary(pieces, at - 1)) return false;
  if (isClosing(next) || next.text === "." || next.text === "[") return false;
  if (next.text === "(") return !isCallee(pieces, at - 1);
  return true;
}

function isClosing({ type, text }: Piece): boolean {
  return type === "sign" && /^[;,)\]:]$/.test(text);
}

/** Tells whether the piece before a `(` is the name of an intent or a function. */
function isCallee(pieces: readonly Piece[], at: number): boolean {
  const piece = pieces[at];
  if (piece?.type !== "word" || isReserved(piece.text)) return false;
  return piece.text !== "secret" || pieces[at - 1]?.text === "intent";
}

/** Tells whether a minus is a sign and not a subtraction: no value comes before it. */
function isUnary(pieces: readonly Piece[], at: number): boolean {
  const before = pieces.slice(0, at).findLast((piece) => !isComment(piece));
  if (before === undefined) return true;
  if (before.type === "sign") return before.text !== ")" && before.text !== "]";
  const isValue = before.text === "true" || before.text === "false" || before.text === "sequence";
  return before.type === "word" && isReserved(before.text) && !isValue;
}
