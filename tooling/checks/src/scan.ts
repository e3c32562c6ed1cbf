/** String literal of a source text. */
export interface Literal {
  readonly value: string;
  /** Offset of the opening quote. */
  readonly offset: number;
}

/** Source text, split into code and literals as far as the rules need it. */
export interface Scan {
  /**
   * Text in which spaces replace comments, the contents of strings, and regular expressions. Length
   * and line breaks are the same.
   */
  readonly code: string;
  /** Plain strings, and templates without `${}`. */
  readonly literals: readonly Literal[];
}

/**
 * Separates code from comments and strings. It is not a parser: it knows quotes, comments and
 * templates with `${}`, and it recognizes a regular expression by the code before it.
 */
export function scan(text: string): Scan {
  const literals: Literal[] = [];
  let code = "";
  // One entry for each open `${`: how many braces are open inside it.
  const holes: number[] = [];
  let at = 0;

  const keep = (length: number): void => {
    code += text.slice(at, at + length);
    at += length;
  };
  const blank = (end: number): void => {
    code += text.slice(at, end).replace(/[^\n]/g, " ");
    at = end;
  };
  /** Reads a piece of a template, from just after the backtick or the `}` at `opening`. */
  const template = (opening: number): void => {
    const end = endOfTemplatePiece(text, at);
    if (text[end] === "`" && text[opening] === "`") {
      literals.push({ value: text.slice(at, end), offset: opening });
    }
    blank(end);
    if (text[end] === "`") keep(1);
    else if (end < text.length) {
      keep(2);
      holes.push(0);
    }
  };

  while (at < text.length) {
    const char = text[at] ?? "";
    const two = text.slice(at, at + 2);
    if (two === "//") blank(orEnd(text, text.indexOf("\n", at)));
    else if (two === "/*") blank(orEnd(text, text.indexOf("*/", at + 2), 2));
    else if (char === '"' || char === "'") {
      const opening = at;
      const end = endOfString(text, opening);
      literals.push({ value: text.slice(opening + 1, end), offset: opening });
      keep(1);
      blank(end);
      keep(1);
    } else if (char === "`") {
      const opening = at;
      keep(1);
      template(opening);
    } else if (char === "/" && startsRegExp(code.slice(-200))) {
      blank(endOfRegExp(text, at));
    } else if (char === "}" && holes.at(-1) === 0) {
      const opening = at;
      holes.pop();
      keep(1);
      template(opening);
    } else {
      const open = holes.pop();
      if (open !== undefined) holes.push(open + (char === "{" ? 1 : char === "}" ? -1 : 0));
      keep(1);
    }
  }
  return { code, literals };
}

function endOfString(text: string, opening: number): number {
  let at = opening + 1;
  while (at < text.length && text[at] !== text[opening]) at += text[at] === "\\" ? 2 : 1;
  return Math.min(at, text.length);
}

/** Returns the offset of the closing backtick or of the next `${`. */
function endOfTemplatePiece(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "`" && text.slice(at, at + 2) !== "${") {
    at += text[at] === "\\" ? 2 : 1;
  }
  return Math.min(at, text.length);
}

function endOfRegExp(text: string, opening: number): number {
  let inClass = false;
  let at = opening + 1;
  while (at < text.length && text[at] !== "\n" && (inClass || text[at] !== "/")) {
    if (text[at] === "[") inClass = true;
    if (text[at] === "]") inClass = false;
    at += text[at] === "\\" ? 2 : 1;
  }
  return Math.min(at + 1, text.length);
}

/**
 * Tells whether a slash after this code opens a regular expression. After a value, it is a
 * division.
 */
function startsRegExp(before: string): boolean {
  const code = before.trimEnd();
  return code === "" || /(?:[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|of|in))$/.test(code);
}

function orEnd(text: string, found: number, length = 0): number {
  return found < 0 ? text.length : found + length;
}
