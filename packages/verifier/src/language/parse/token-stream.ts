import type { Span } from "../../obligation.ts";
import { stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type { Name } from "../syntax/syntax.ts";
import type { Token } from "./lexer.ts";

/**
 * Words that cannot be names. All other words of the language (`signer`, `min`, `asset`, ...) have
 * a meaning only in certain places, and can be names elsewhere.
 */
const reservedWords: ReadonlySet<string> = new Set(
  (
    "intent atomic_batch const guard effect solve verify let " +
    "if then else true false and or not sequence"
  ).split(" "),
);

/** Tokens, and the current position among them. It has all mutable state of the parser. */
export class TokenStream {
  #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;
  #nodes = 0;
  #reservedToo: ReadonlySet<string> = new Set();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /**
   * Returns the token `ahead` places after the current one. After the last token it is the `end`
   * token.
   */
  peek(ahead = 0): Token {
    const token = this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error("a token list ends with an end token");
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** Tells whether a token is this word or sign. False for a string with this text. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.type === "word" || token.type === "sign") && token.text === text;
  }

  accept(text: string): Token | undefined {
    return this.is(text) ? this.next() : undefined;
  }

  /**
   * Reads `text`, or stops with a diagnostic that it was expected. `after` completes the message
   * "expected `text` ...".
   */
  expect(text: string, after: string): Token {
    if (this.is(text)) return this.next();
    return this.fail(`expected \`${text}\` ${after}`);
  }

  name(what: string): Name {
    const token = this.peek();
    if (token.type !== "word") this.fail(`expected ${what}`);
    if (reservedWords.has(token.text) || this.#reservedToo.has(token.text)) {
      stop("syntax", token.span, `expected ${what}, and \`${token.text}\` is a reserved word`);
    }
    this.next();
    return { text: token.text, span: token.span };
  }

  /** Runs `parse` with further words that cannot be names. */
  reserving<T>(words: ReadonlySet<string>, parse: () => T): T {
    this.#reservedToo = words;
    const result = parse();
    this.#reservedToo = new Set();
    return result;
  }

  fail(expected: string): never {
    stop("syntax", this.peek().span, `${expected}, found ${describeToken(this.peek())}`);
  }

  /** Returns the span from `start` to the end of the last token that was read. */
  spanFrom(start: Span): Span {
    return { start: start.start, end: this.#tokens[this.#at - 1]?.span.end ?? start.end };
  }

  /** Runs `parse` one level of nesting deeper. Stops with a diagnostic beyond the limit. */
  nested<T>(parse: () => T): T {
    if (this.#nesting >= LANGUAGE_LIMITS.nesting) {
      stop("limit", this.peek().span, "this is nested too deeply");
    }
    this.#nesting++;
    const result = parse();
    this.#nesting--;
    return result;
  }

  resetNodes(): void {
    this.#nodes = 0;
  }

  /**
   * Counts an expression node of the current intent or constant. Stops with a diagnostic beyond the
   * limit.
   */
  countNode(span: Span): void {
    this.#nodes++;
    if (this.#nodes > LANGUAGE_LIMITS.nodes) {
      stop("limit", span, `an intent has at most ${LANGUAGE_LIMITS.nodes} terms`);
    }
  }
}

/** Tells whether a word cannot be a name. */
export function isReserved(word: string): boolean {
  return reservedWords.has(word);
}

/** Describes a token for a message. */
export function describeToken(token: Token): string {
  if (token.type === "end") return "the end of the source";
  return token.type === "string" ? `the text "${token.text}"` : `\`${token.text}\``;
}
