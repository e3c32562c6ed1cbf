import { isReserved } from "../parse/token-stream.ts";
import { isComment, type Piece } from "./source-pieces.ts";

/** Greatest width of a line, in columns. A line that cannot be broken may be longer. */
export const WIDTH = 100;

/** Layout of a logical line. `breaks[i]` says that piece `i` begins a new line. */
export interface Layout {
  readonly breaks: readonly boolean[];
  /**
   * Indent of the first line, in columns. `continuation` returns the indent of a later line that
   * begins with piece `at`. It depends on the breaks before that piece alone.
   */
  readonly indent: number;
  readonly continuation: (at: number, breaks: readonly boolean[]) => number;
}

/**
 * Joins the pieces of a logical line by single spaces where they are needed, and by the breaks of
 * the layout.
 */
export function joinPieces(pieces: readonly Piece[], layout: Layout): string {
  let text = " ".repeat(layout.indent);
  pieces.forEach((piece, at) => {
    if (at > 0 && layout.breaks[at] === true) {
      text += `\n${" ".repeat(layout.continuation(at, layout.breaks))}`;
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
 * Returns a function from a piece of a logical line to the indent, in columns, of a line that
 * begins with it. The indent is one level deeper than that of the statement, or as deep as the
 * braces are open. A line that begins with an operator, or follows `=>`, is one level deeper than
 * the line with what the operator belongs to. So is a line inside brackets.
 */
export function continuationOf(pieces: readonly Piece[], indent: number): Layout["continuation"] {
  return (at, breaks) => indent + 2 * levelAt(pieces, at, breaks);
}

/** Operator before or after which a line begins, with the number of brackets around it. */
interface Frame {
  readonly depth: number;
  readonly rank: number;
}

function levelAt(pieces: readonly Piece[], at: number, breaks: readonly boolean[]): number {
  let frames: readonly Frame[] = [];
  let depth = 0;
  let braces = 0;
  for (let place = 0; place <= at; place++) {
    const { type, text } = pieces[place] ?? { type: "sign", text: "" };
    if (type === "sign" && text === "}") braces--;
    if (type === "sign" && /^[)\]}]$/.test(text)) depth--;
    if (place === at || breaks[place] === true) frames = framesAt(pieces, place, { frames, depth });
    if (type === "sign" && /^[([{]$/.test(text)) depth++;
    if (place < at && type === "sign" && text === "{") braces++;
  }
  const isEnd = pieces[at]?.text === "}";
  return Math.max(isEnd ? 0 : 1, braces, frames.length);
}

/** Returns the operators that a line belongs to which begins with a piece, outermost first. */
function framesAt(
  pieces: readonly Piece[],
  at: number,
  before: { readonly frames: readonly Frame[]; readonly depth: number },
): readonly Frame[] {
  const { depth } = before;
  const open = before.frames.filter((frame) => frame.depth <= depth);
  if (depth === 0 && isRuleStart(pieces) && isPartOfExit(pieces, at)) return [];
  const own = operatorRank(pieces, at);
  const last = pieces.slice(0, at).findLastIndex((piece) => !isComment(piece));
  const rank = own ?? operatorRank(pieces, last);
  if (rank === undefined) return open;
  const kept = open.filter((frame) => frame.depth < depth || frame.rank <= rank);
  const isDeeper = own !== undefined || rank === 0 || depth > 0;
  const isKnown = kept.some(
    (frame) => frame.depth === depth && (own === undefined || frame.rank === rank),
  );
  return isDeeper && !isKnown ? [...kept, { depth, rank }] : kept;
}

/** Returns how loosely a piece binds as an operator; undefined if it is none. */
function operatorRank(pieces: readonly Piece[], at: number): number | undefined {
  const text = pieces[at]?.text ?? "";
  return text === "-" && isUnary(pieces, at) ? undefined : looseness.get(text);
}

/** Tells whether a logical line of a contract is an invariant, a transition or an exit. */
export function isRuleStart(pieces: readonly Piece[]): boolean {
  const word = pieces.find((piece) => !isComment(piece))?.text ?? "";
  return word === "invariant" || word === "transition" || word === "exit";
}

/**
 * Breaks each line that is too long before the operators that bind least. If these are `=>`, `||`
 * or `&&`, or parts of an exit, it breaks before all of them. Otherwise it breaks before the last
 * one with which the first part fits, or after a comma. Existing breaks stay, so formatting the
 * result again changes nothing.
 */
export function wrapPieces(pieces: readonly Piece[], layout: Layout): Layout {
  const breaks = [...layout.breaks];
  let start = 0;
  for (;;) {
    const next = breaks.findIndex((isBreak, at) => at > start && isBreak);
    const end = next < 0 ? pieces.length : next;
    const found = overflowBreaks(pieces, { ...layout, breaks, start, end });
    for (const at of found) breaks[at] = true;
    // The part before the first break may be too long as well.
    if (found.length > 0) continue;
    if (next < 0) return { ...layout, breaks };
    start = next;
  }
}

interface Stretch extends Layout {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the pieces before which to break a line that is too long. Empty if the line is not too
 * long or cannot be broken.
 */
function overflowBreaks(pieces: readonly Piece[], stretch: Stretch): readonly number[] {
  const { start, end, indent, continuation, breaks } = stretch;
  let column = start === 0 ? indent : continuation(start, breaks);
  let best: { readonly at: number; readonly rank: number } | undefined;
  let depth = 0;
  let isTooLong = false;
  const logical: { readonly at: number; readonly rank: number }[] = [];
  for (let at = start; at < end; at++) {
    const piece = pieces[at];
    if (piece === undefined) return [];
    const rank = at === start ? undefined : breakRank(pieces, at, depth);
    // Only the part before a break has to fit.
    if (!isTooLong && rank !== undefined && (best === undefined || rank <= best.rank)) {
      best = { at, rank };
    }
    if (rank !== undefined && rank % 10 <= 2) logical.push({ at, rank });
    if (/^[([{]$/.test(piece.text)) depth++;
    if (/^[)\]}]$/.test(piece.text)) depth--;
    const space = at > start && needsSpace(pieces, at) ? 1 : 0;
    const lines = piece.text.split("\n");
    const last = lines.at(-1) ?? "";
    column = lines.length > 1 ? last.length : column + space + last.length;
    if (column > WIDTH && best !== undefined) isTooLong = true;
  }
  if (!isTooLong || best === undefined) return [];
  const { at, rank } = best;
  const least = Math.min(...logical.map((one) => one.rank));
  if (least > rank) return [at];
  const all = logical.filter((one) => one.rank === least).map((one) => one.at);
  return all.length === 0 ? [at] : all;
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
