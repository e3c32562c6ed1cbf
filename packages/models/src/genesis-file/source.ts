import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
} from "yaml";

/** Characters of a file; more is refused before it is parsed. */
export const FILE_LENGTH_MAX = 8_388_608;
/** Pieces of YAML in a file. The parser takes some 500 bytes for each, so this bounds its memory. */
export const FILE_TOKENS_MAX = 400_000;

/** A place in a file, for people: both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a reader finds wrong at a place. */
export interface PlacedProblem extends Place {
  /** Where in the genesis: `validators[2].stake`; empty for the whole file. */
  readonly path: string;
  readonly what: string;
  readonly mend: string;
}

/** A file that is YAML: plain text values, lists and mappings, and where each of them stands. */
export interface Source {
  readonly root: Node | undefined;
  placeOf(node: Node | undefined): Place;
}

const START: Place = { line: 1, column: 1 };

/** Parses, or says where the text is no YAML. Bounded in size before the parser sees it. */
export function parseSource(text: string): Source | readonly PlacedProblem[] {
  const tooMuch = sizeProblem(text);
  if (tooMuch !== undefined) return [tooMuch];
  const lines = new LineCounter();
  const document: Document.Parsed = parseDocument(text, {
    lineCounter: lines,
    // All scalars are text: 0x1f stays what was written, and so do `no` and 1e3.
    schema: "failsafe",
    merge: false,
    // Checked by the reader, in linear time.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    return errors.map(({ message, pos }) => ({
      ...placeAt(pos[0]),
      path: "",
      what: `the text is not YAML as this file uses it (${message.slice(0, 120)})`,
      mend: "look at indentation, quotes and colons here and in the line above",
    }));
  }
  return {
    root: document.contents ?? undefined,
    placeOf: (node) => {
      const range = (node as ParsedNode | undefined)?.range;
      return range === undefined || range === null ? START : placeAt(range[0]);
    },
  };
}

/** What kind of node this is; aliases, anchors and tags are no part of a genesis. */
export function kindOf(node: unknown): "text" | "list" | "mapping" | "alias" | "nothing" {
  if (isAlias(node)) return "alias";
  if (isScalar(node))
    return typeof node.value === "string" && !isMissing(node) ? "text" : "nothing";
  if (isSeq(node)) return "list";
  return isMap(node) ? "mapping" : "nothing";
}

/** `key:` with nothing behind it is not the same as `key: ""`. */
function isMissing(node: { readonly value: unknown; readonly type?: string | undefined }): boolean {
  return node.value === "" && node.type === "PLAIN";
}

function sizeProblem(text: string): PlacedProblem | undefined {
  const mend = "give a smaller file, or the JSON form";
  if (text.length > FILE_LENGTH_MAX) {
    const what = `the file has ${text.length} characters, more than ${FILE_LENGTH_MAX}`;
    return { ...START, path: "", what, mend };
  }
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) {
    tokens++;
    if (tokens <= FILE_TOKENS_MAX) continue;
    const what = `the file has more than ${FILE_TOKENS_MAX} pieces of YAML`;
    return { ...START, path: "", what, mend };
  }
  return undefined;
}
