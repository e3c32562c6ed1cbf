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

/** Greatest number of characters of a file. A longer file is refused without parsing it. */
export const FILE_LENGTH_MAX = 8_388_608;
/**
 * Greatest number of YAML tokens of a file. The parser needs about 500 bytes of memory for each.
 */
export const FILE_TOKENS_MAX = 400_000;

/** Place in a file. Line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Problem at a place in a file. */
export interface PlacedProblem extends Place {
  /** Path in the genesis, such as `validators[2].stake`. Empty for the whole file. */
  readonly path: string;
  readonly what: string;
  readonly repair: string;
}

/** Parsed YAML file. Its nodes are texts, lists and mappings with their places. */
export interface Source {
  readonly root: Node | undefined;
  placeOf(node: Node | undefined): Place;
}

const START: Place = { line: 1, column: 1 };

/** Parses a text of bounded size. Returns the problems if it is too large or not YAML. */
export function parseSource(text: string): Source | readonly PlacedProblem[] {
  const tooMuch = sizeProblem(text);
  if (tooMuch !== undefined) return [tooMuch];
  const lines = new LineCounter();
  const document: Document.Parsed = parseDocument(text, {
    lineCounter: lines,
    // All scalars are text: `0x1f`, `no` and `1e3` stay as they were written.
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
      repair: "look at indentation, quotes and colons here and in the line above",
    }));
  }
  return {
    root: document.contents ?? undefined,
    placeOf: (node) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nodes of a parsed text have ranges
      const range = (node as ParsedNode | undefined)?.range;
      return range === undefined || range === null ? START : placeAt(range[0]);
    },
  };
}

/** Returns the kind of a node. Genesis files must not have aliases. */
export function kindOf(node: unknown): "text" | "list" | "mapping" | "alias" | "nothing" {
  if (isAlias(node)) return "alias";
  if (isScalar(node))
    return typeof node.value === "string" && !isMissing(node) ? "text" : "nothing";
  if (isSeq(node)) return "list";
  return isMap(node) ? "mapping" : "nothing";
}

/** Whether the value is missing, as in `key:`. In `key: ""` it is an empty text. */
function isMissing(node: { readonly value: unknown; readonly type?: string | undefined }): boolean {
  return node.value === "" && node.type === "PLAIN";
}

function sizeProblem(text: string): PlacedProblem | undefined {
  const repair = "give a smaller file, or the JSON form";
  if (text.length > FILE_LENGTH_MAX) {
    const what = `the file has ${text.length} characters, more than ${FILE_LENGTH_MAX}`;
    return { ...START, path: "", what, repair };
  }
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) {
    tokens++;
    if (tokens <= FILE_TOKENS_MAX) continue;
    const what = `the file has more than ${FILE_TOKENS_MAX} YAML tokens`;
    return { ...START, path: "", what, repair };
  }
  return undefined;
}
