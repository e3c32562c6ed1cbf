/** Node of an SMT-LIB script. `at` is the offset of its first character, in UTF-16 units. */
export type Node = Atom | List;

/**
 * Token. For a quoted symbol or a string, `text` is the text between the quotes, in which a doubled
 * quote is a single one.
 */
export interface Atom {
  readonly type: "symbol" | "quoted" | "keyword" | "numeral" | "decimal" | "bits" | "string";
  readonly text: string;
  readonly at: number;
}

export interface List {
  readonly type: "list";
  readonly items: readonly Node[];
  readonly at: number;
}

/** Reason why a script is refused, and the offset of the fault in the script. */
export interface ScreenFault {
  readonly code: ScreenCode;
  readonly message: string;
  readonly at: number;
}

/** Code of the reason why a script is refused. API: listed in docs/judge.md. */
export type ScreenCode =
  | "too-large"
  | "encoding"
  | "character"
  | "token"
  | "parenthesis"
  | "depth"
  | "command"
  | "shape"
  | "option"
  | "logic"
  | "name"
  | "redefinition"
  | "numeral"
  | "index"
  | "growth"
  | "expansion"
  | "check-sat"
  | "sort"
  | "undeclared"
  | "refused"
  | "solver";

/** Error while a script is screened. `screenScript` turns it into a result. */
export class ScreenError extends Error {
  override readonly name = "ScreenError";
  readonly fault: ScreenFault;

  constructor(code: ScreenCode, message: string, at: number) {
    super(message);
    this.fault = { code, message, at };
  }
}

/** Limits of the reader. */
export interface ReadLimits {
  readonly depth: number;
  readonly nodes: number;
  readonly symbolLength: number;
}

/**
 * Reads a whole script into its commands. Does not recurse, so that no input overflows the stack.
 *
 * @throws ScreenError for bytes that are not tokens of SMT-LIB 2.6, for parentheses that do not
 * match, or beyond a limit.
 */
export function readScript(bytes: Uint8Array, limits: ReadLimits): readonly Node[] {
  const source = decode(bytes);
  const commands: Node[] = [];
  const open: { items: Node[]; at: number }[] = [];
  let nodes = 0;
  let at = 0;

  const add = (node: Node): void => {
    (open.at(-1)?.items ?? commands).push(node);
  };

  while (at < source.length) {
    const character = source.charAt(at);
    if (isBlank(character)) {
      at++;
    } else if (character === ";") {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end;
    } else {
      if (++nodes > limits.nodes) {
        throw new ScreenError("too-large", `the script has more than ${limits.nodes} tokens`, at);
      }
      if (character === "(") {
        if (open.length >= limits.depth) {
          throw new ScreenError("depth", `more than ${limits.depth} open parentheses`, at);
        }
        open.push({ items: [], at });
        at++;
      } else if (character === ")") {
        const list = open.pop();
        if (list === undefined)
          throw new ScreenError("parenthesis", "this parenthesis closes nothing", at);
        add({ type: "list", ...list });
        at++;
      } else {
        const { atom, end } = readAtom(source, at, limits);
        add(atom);
        at = end;
      }
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined)
    throw new ScreenError("parenthesis", "this parenthesis is never closed", unclosed.at);
  return commands;
}

/**
 * Decodes strict UTF-8, and refuses control characters other than tab, line feed and carriage
 * return. A lenient decoder would make two different symbols equal, and Z3 stops reading at NUL.
 */
function decode(bytes: Uint8Array): string {
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ScreenError("encoding", "the script is not well-formed UTF-8", 0);
  }
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    const control = (code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127;
    if (control) throw new ScreenError("character", `control character ${code}`, at);
  }
  return source;
}

function readAtom(
  source: string,
  at: number,
  limits: ReadLimits,
): { readonly atom: Atom; readonly end: number } {
  const character = source.charAt(at);
  if (character === '"') return readString(source, at);
  if (character === "|") return readQuoted(source, at);
  let end = at;
  while (end < source.length && isTokenCharacter(source.charCodeAt(end))) end++;
  if (end === at) {
    const code = source.codePointAt(at) ?? 0;
    throw new ScreenError("character", `character U+${code.toString(16)} outside a string`, at);
  }
  const text = source.slice(at, end);
  const type = classify(text);
  if (type === undefined) throw new ScreenError("token", `not a token: ${text.slice(0, 40)}`, at);
  if ((type === "symbol" || type === "keyword") && text.length > limits.symbolLength) {
    throw new ScreenError(
      "name",
      `this symbol has ${text.length} characters; at most ${limits.symbolLength} are allowed`,
      at,
    );
  }
  // Two tokens must not touch: readers differ on `1a` and `"a"b`.
  const next = source.charAt(end);
  if (next === '"' || next === "|")
    throw new ScreenError("token", "a space is missing between two tokens", end);
  return { atom: { type, text, at }, end };
}

function readString(source: string, at: number): { atom: Atom; end: number } {
  let text = "";
  let from = at + 1;
  for (;;) {
    const quote = source.indexOf('"', from);
    if (quote < 0) throw new ScreenError("token", "this string is never closed", at);
    text += source.slice(from, quote);
    if (source.charAt(quote + 1) !== '"') {
      return { atom: { type: "string", text, at }, end: ended(source, quote + 1) };
    }
    text += '"';
    from = quote + 2;
  }
}

function readQuoted(source: string, at: number): { atom: Atom; end: number } {
  const bar = source.indexOf("|", at + 1);
  if (bar < 0) throw new ScreenError("token", "this quoted symbol is never closed", at);
  const text = source.slice(at + 1, bar);
  // A backslash in a quoted symbol is an escape for Z3 and forbidden in SMT-LIB.
  if (text.includes("\\"))
    throw new ScreenError("token", "a symbol must not contain a backslash", at);
  return { atom: { type: "quoted", text, at }, end: ended(source, bar + 1) };
}

function ended(source: string, end: number): number {
  const code = source.charCodeAt(end);
  const touches = end < source.length && (isTokenCharacter(code) || code === 34 || code === 124);
  if (touches) throw new ScreenError("token", "a space is missing between two tokens", end);
  return end;
}

function classify(text: string): Atom["type"] | undefined {
  if (/^[0-9]+$/.test(text)) return "numeral";
  if (/^[0-9]+\.[0-9]+$/.test(text)) return "decimal";
  if (/^(#x[0-9a-fA-F]+|#b[01]+)$/.test(text)) return "bits";
  if (/^:[a-zA-Z0-9~!@$%^&*_\-+=<>.?/]+$/.test(text)) return "keyword";
  if (/^[a-zA-Z~!@$%^&*_\-+=<>.?/][a-zA-Z0-9~!@$%^&*_\-+=<>.?/]*$/.test(text)) return "symbol";
  return undefined;
}

function isBlank(character: string): boolean {
  return character === " " || character === "\n" || character === "\t" || character === "\r";
}

/**
 * Tells whether a character can be part of a token that is not quoted: printable ASCII other than
 * parentheses, double quote, bar, semicolon and space.
 */
function isTokenCharacter(code: number): boolean {
  if (code <= 32 || code > 126) return false;
  return code !== 34 && code !== 40 && code !== 41 && code !== 59 && code !== 124;
}
