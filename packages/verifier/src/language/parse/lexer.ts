import type { Position, Span } from "../../obligation.ts";
import { stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";

/** Token of a source: a word, a number, a string, or a sign such as an operator or a bracket. */
export interface Token {
  readonly type: "word" | "integer" | "decimal" | "string" | "sign" | "end";
  /**
   * Text as written, but without the quotes of a string and the `_` of a number. Empty for `end`.
   */
  readonly text: string;
  readonly span: Span;
}

/**
 * All signs. A longer sign comes before those that it begins with, so that `==>` is not read as
 * `==` and `>`.
 */
const signs = "==> == => != <= >= && || += -= ( ) { } [ ] , ; : . = < > + - * / % !".split(" ");

/** Position in the text. It only moves forward. */
interface Reader {
  readonly text: string;
  offset: number;
  line: number;
  column: number;
}

/**
 * Splits a text into tokens; the last one has type `end`. Calls `onComment` with the place of each
 * comment, in order. Throws `DiagnosticStop`.
 */
export function tokenize(
  text: string,
  onComment: (span: Span) => void = () => undefined,
): readonly Token[] {
  const reader: Reader = { text, offset: 0, line: 1, column: 1 };
  const tokens: Token[] = [];
  for (;;) {
    skipBlanks(reader, onComment);
    const token = nextToken(reader);
    tokens.push(token);
    if (token.type === "end") return tokens;
  }
}

function nextToken(reader: Reader): Token {
  const start = position(reader);
  if (reader.offset >= reader.text.length) {
    return { type: "end", text: "", span: { start, end: start } };
  }
  const word = match(reader, /[A-Za-z_][A-Za-z0-9_]*/y);
  if (word !== undefined) return wordToken(reader, start, word);
  const number = match(reader, /[0-9][0-9_]*(?:\.[0-9][0-9_]*)?/y);
  if (number !== undefined) return numberToken(reader, start, number);
  if (reader.text[reader.offset] === '"') return stringToken(reader, start);
  const sign = signs.find((candidate) => reader.text.startsWith(candidate, reader.offset));
  if (sign !== undefined) {
    advance(reader, sign.length);
    return { type: "sign", text: sign, span: spanFrom(reader, start) };
  }
  return refuseCharacter(reader, start);
}

function wordToken(reader: Reader, start: Position, text: string): Token {
  const span = spanFrom(reader, start);
  if (text.length > LANGUAGE_LIMITS.nameLength) {
    stop("limit", span, `a name has at most ${LANGUAGE_LIMITS.nameLength} characters`);
  }
  return { type: "word", text, span };
}

function numberToken(reader: Reader, start: Position, text: string): Token {
  const glued = match(reader, /[A-Za-z_]+/y);
  const span = spanFrom(reader, start);
  if (glued !== undefined)
    stop("syntax", span, `\`${text}${glued}\` is neither a number nor a name`);
  if (text.endsWith("_") || text.includes("__") || /_\.|\._/.test(text)) {
    stop("syntax", span, "in a number `_` stands between two digits");
  }
  return { type: text.includes(".") ? "decimal" : "integer", text: text.replaceAll("_", ""), span };
}

function stringToken(reader: Reader, start: Position): Token {
  const text = match(reader, /"[^"\\\r\n]*"/y);
  if (text === undefined) {
    advance(reader, 1);
    stop(
      "syntax",
      spanFrom(reader, start),
      'a text starts here and is not closed by `"` on its line',
    );
  }
  const inner = text.slice(1, -1);
  const bad = Array.from(inner).find(isForbidden);
  if (bad !== undefined) stop("encoding", spanFrom(reader, start), forbiddenMessage(bad));
  return { type: "string", text: inner, span: spanFrom(reader, start) };
}

function skipBlanks(reader: Reader, onComment: (span: Span) => void): void {
  for (;;) {
    if (match(reader, /[ \t\r\n]+/y) !== undefined) continue;
    const start = position(reader);
    const comment = match(reader, /(?:#|\/\/)[^\r\n]*/y) ?? match(reader, /\/\*[^]*?\*\//y);
    if (comment === undefined) {
      if (reader.text.startsWith("/*", reader.offset)) {
        advance(reader, 2);
        stop("syntax", spanFrom(reader, start), "a comment starts here and is not closed by `*/`");
      }
      return;
    }
    const bad = Array.from(comment).find(isForbidden);
    if (bad !== undefined) stop("encoding", spanFrom(reader, start), forbiddenMessage(bad));
    onComment(spanFrom(reader, start));
  }
}

function refuseCharacter(reader: Reader, start: Position): never {
  const point = String.fromCodePoint(reader.text.codePointAt(reader.offset) ?? 0);
  advance(reader, point.length);
  const span = spanFrom(reader, start);
  if (isForbidden(point)) stop("encoding", span, forbiddenMessage(point));
  stop("syntax", span, `\`${point}\` means nothing in this language`);
}

/**
 * Tells whether a character is forbidden. Control characters and those that change the direction of
 * text can make a source look different from what is read.
 */
function isForbidden(point: string): boolean {
  return /[\p{Cc}\p{Bidi_Control}\uFEFF\u2028\u2029]/u.test(point) && !/[\t\r\n]/.test(point);
}

function forbiddenMessage(point: string): string {
  const code = (point.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `the invisible character U+${code} may not stand in a source`;
}

/**
 * Reads the text that a sticky pattern matches at the current position. Undefined if there is none.
 */
function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.offset;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) advance(reader, found.length);
  return found;
}

function advance(reader: Reader, units: number): void {
  const end = reader.offset + units;
  while (reader.offset < end) {
    const point = reader.text.codePointAt(reader.offset) ?? 0;
    const carriage = point === 0x0d && reader.text.codePointAt(reader.offset + 1) !== 0x0a;
    reader.offset += point > 0xffff ? 2 : 1;
    if (point === 0x0a || carriage) {
      reader.line++;
      reader.column = 1;
    } else {
      reader.column++;
    }
  }
}

function position(reader: Reader): Position {
  return { offset: reader.offset, line: reader.line, column: reader.column };
}

function spanFrom(reader: Reader, start: Position): Span {
  return { start, end: position(reader) };
}
