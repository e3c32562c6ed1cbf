import { isReserved } from "../parse/token-stream.ts";
import { isComment, type Piece } from "./source-pieces.ts";

/** Greatest width of a line, in columns. A line that cannot be broken may be longer. */
export const WIDTH = 100;

/** Layout of a logical line. `breaks[i]` says that piece `i` begins a new line. */
export interface Layout {
  readonly breaks: readonly boolean[];
  /**
   * Indent of the first line, in columns. `continuation` returns the indent of a later line that
   * begins with piece `at`.
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
 * Returns the columns before each piece of a logical line, if it begins a new line: one level more
 * than the line, and one more for each brace that is open beyond the first.
 */
export function continuationOf(pieces: readonly Piece[], indent: number): Layout["continuation"] {
  let open = 0;
  const levels = pieces.map(({ type, text }) => {
    if (type === "sign" && text === "}") open--;
    const level = type === "sign" && text === "}" ? open : Math.max(1, open);
    if (type === "sign" && text === "{") open++;
    return level;
  });
  return (at) => indent + 2 * (levels[at] ?? 1);
}

/** Tells whether a logical line of a contract is an invariant, a transition or an exit. */
export function isRuleStart(pieces: readonly Piece[]): boolean {
  const word = pieces.find((piece) => !isComment(piece))?.text ?? "";
  return word === "invariant" || word === "transition" || word === "exit";
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
    if (/^[([{]$/.test(piece.text)) depth++;
    if (/^[)\]}]$/.test(piece.text)) depth--;
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
  const rank = before?.text === "," ? 9 : (ruleRank(pieces, at, depth) ?? looseness.get(text));
  if (rank === undefined || (text === "-" && isUnary(pieces, at))) return undefined;
  return depth * 10 + rank;
}

/**
 * Ranks the break before a part of an exit, and after the head of a `for each`; a lower rank is
 * better. Undefined for any other break.
 */
function ruleRank(pieces: readonly Piece[], at: number, depth: number): number | undefined {
  if (depth > 0 || at < 3 || !isRuleStart(pieces)) return undefined;
  if (pieces[at - 1]?.text === ":") return 7;
  return isPartOfExit(pieces, at) && !/^(?:within|to|by)$/.test(pieces[at]?.text ?? "")
    ? -1
    : undefined;
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
  if (before.text === "{" && next.text === "}") return false;
  if (before.text === "-" && isUnary(pieces, at - 1)) return false;
  // A `[` after `{` or `,` begins a cell of the initial state, and does not follow a value.
  if (next.text === "[") return before.text === "{" || before.text === ",";
  if (isClosing(next) || next.text === ".") return false;
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
  const before = pieces.slice(0, at).findLast((one) => !isComment(one))?.text;
  return before === "intent" || before === "via" || functions.has(piece.text);
}

const functions: ReadonlySet<string> = new Set(
  "old min max abs sum sha256 signed signed_message".split(" "),
);

/** Tells whether a minus is a sign and not a subtraction: no value comes before it. */
function isUnary(pieces: readonly Piece[], at: number): boolean {
  const before = pieces.slice(0, at).findLastIndex((piece) => !isComment(piece));
  const isAssert = pieces[before]?.text === "assert" && pieces.slice(0, before).every(isComment);
  return isAssert || !endsValue(pieces[before]) || isPartOfExit(pieces, before);
}

/** Tells whether a value can end with a piece. */
function endsValue(piece: Piece | undefined): boolean {
  if (piece === undefined) return false;
  if (piece.type === "sign") return /^[)\]}]$/.test(piece.text);
  const isValue = /^(?:true|false|sequence)$/.test(piece.text);
  return piece.type !== "word" || isValue || !isReserved(piece.text);
}

/**
 * Tells whether a piece is a word, such as `keeping` or `via`, that begins a part of an exit. The
 * same word is a name unless a value comes before it.
 */
function isPartOfExit(pieces: readonly Piece[], at: number): boolean {
  const isWord = /^(?:keeping|after|within|unless|via|to|by)$/.test(pieces[at]?.text ?? "");
  const before = pieces.slice(0, Math.max(0, at)).findLast((piece) => !isComment(piece));
  return isWord && endsValue(before);
}
