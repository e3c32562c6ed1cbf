import { isMap, isScalar, isSeq, type Node } from "yaml";
import { fromHex } from "../bytes.ts";
import { closest } from "./closest.ts";
import { kindOf, type PlacedProblem, type Source } from "./source.ts";
import { type Unit, yesOrNo } from "./units.ts";

/**
 * Reader of a file that collects all problems. A value that cannot be read is replaced by a filler,
 * so that reading can go on.
 */
export interface Reader {
  readonly problems: PlacedProblem[];
  /** Paths whose values are fillers. Rules about these values are not applied. */
  readonly failed: Set<string>;
  readonly source: Source;
  /** YAML node at each path. */
  readonly nodes: Map<string, Node>;
}

/** Creates a reader of a file. */
export function createReader(source: Source): Reader {
  return { source, problems: [], failed: new Set(), nodes: new Map() };
}

/** Records a problem with the value at `path`, and marks the path as failed. */
export function report(
  reader: Reader,
  node: Node | undefined,
  problem: { readonly path: string; readonly what: string; readonly repair: string },
): void {
  reader.failed.add(problem.path);
  reader.problems.push({ ...reader.source.placeOf(node), ...problem });
}

/**
 * Reads the values of a mapping, by key. Reports keys that are missing, repeated or unknown. The
 * keys in `optional` may be missing.
 */
export function readMapping(
  reader: Reader,
  node: Node | undefined,
  shape: {
    readonly path: string;
    /** Required keys, each with an example of its value. */
    readonly required: Readonly<Record<string, string>>;
    readonly optional?: readonly string[];
  },
): ReadonlyMap<string, Node> {
  const { path, optional = [] } = shape;
  const required = Object.keys(shape.required);
  const values = new Map<string, Node>();
  if (!isMap(node)) {
    reportKind(reader, node, path, `lines of \`key: value\` with ${required.join(", ")}`);
    for (const key of required) reader.failed.add(join(path, key));
    return values;
  }
  const known = [...required, ...optional];
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const at = isScalar(key) ? key : node;
    const shown = name.slice(0, 60);
    if (!known.includes(name)) {
      const what = `has no \`${shown}\``;
      const repair = `${closest(name, known)}, or remove the line`;
      reader.problems.push({ ...reader.source.placeOf(at), path, what, repair });
    } else if (values.has(name)) {
      report(reader, at, {
        path: join(path, name),
        what: "is there twice",
        repair: "keep one of the lines",
      });
    } else if (kindOf(value) === "nothing") {
      report(reader, at, {
        path: join(path, name),
        what: "has no value",
        repair: "write one behind the colon",
      });
      values.set(name, at);
    } else {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- yaml types contents as unknown
      values.set(name, value as Node);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- yaml types contents as unknown
      reader.nodes.set(join(path, name), value as Node);
    }
  }
  for (const key of required) {
    if (values.has(key)) continue;
    report(reader, node, {
      path: join(path, key),
      what: "is missing",
      repair: `add a line \`${key}: ${shape.required[key]}\``,
    });
  }
  return values;
}

/** Reads the items of a list. Reports a list with more than `max` items. */
export function readList<T>(
  reader: Reader,
  node: Node | undefined,
  shape: { readonly path: string; readonly max: number },
  readItem: (item: Node | undefined, path: string) => T,
): readonly T[] {
  const { path, max } = shape;
  if (node === undefined || reader.failed.has(path)) return [];
  if (!isSeq(node)) {
    reportKind(reader, node, path, "a list: lines that begin with `- `, or []");
    return [];
  }
  if (node.items.length > max) {
    const what = `has ${node.items.length} items`;
    report(reader, node, { path, what, repair: `keep at most ${max}` });
    return [];
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- yaml types contents as unknown
  return node.items.map((item, at) => readItem(item as Node, `${path}[${at}]`));
}

/** Reads a text. Undefined if there is a problem, which is then reported. */
export function readText(reader: Reader, node: Node | undefined, path: string): string | undefined {
  if (node === undefined || reader.failed.has(path)) return undefined;
  if (isScalar(node) && kindOf(node) === "text") return String(node.value);
  reportKind(reader, node, path, "one value");
  return undefined;
}

/**
 * Reads a quantity in `unit`, at most `max`. Returns `filler` if there is a problem, which is then
 * reported.
 */
export function readQuantity<T extends number | bigint>(
  reader: Reader,
  node: Node | undefined,
  path: string,
  expected: { readonly unit: Unit<T>; readonly max: T; readonly filler: T },
): T {
  const text = readText(reader, node, path);
  if (text === undefined) return expected.filler;
  const value = expected.unit.parse(text);
  if (value === undefined) {
    const repair = `write it like ${expected.unit.example}`;
    report(reader, node, { path, what: `\`${shorten(text)}\` is no such quantity`, repair });
    return expected.filler;
  }
  if (value <= expected.max) return value;
  const repair = `give at most ${expected.unit.format(expected.max)}`;
  report(reader, node, { path, what: `\`${shorten(text)}\` is too much`, repair });
  return expected.filler;
}

/** Reads `yes` or `no`. Returns `false` if there is a problem, which is then reported. */
export function readChoice(reader: Reader, node: Node | undefined, path: string): boolean {
  const text = readText(reader, node, path);
  const value = text === undefined ? undefined : yesOrNo.parse(text);
  if (text !== undefined && value === undefined) {
    const what = `\`${shorten(text)}\` is neither yes nor no`;
    report(reader, node, { path, what, repair: "write yes or no" });
  }
  return value ?? false;
}

/**
 * Reads 32 bytes from 64 hexadecimal digits. Returns zeros if there is a problem, which is then
 * reported.
 */
export function readBytes32(reader: Reader, node: Node | undefined, path: string): Uint8Array {
  const text = readText(reader, node, path);
  if (text === undefined) return new Uint8Array(32);
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(text)) return fromHex(text);
  const digits = text.replace(/^0x/, "").length;
  const what = `\`${shorten(text)}\` is not 32 bytes (${digits} characters)`;
  report(reader, node, { path, what, repair: "write 0x and 64 hexadecimal digits" });
  return new Uint8Array(32);
}

const ARTICLES = {
  nothing: "nothing",
  alias: "an alias",
  list: "a list",
  mapping: "a mapping",
  text: "a single value",
} as const;

function reportKind(reader: Reader, node: Node | undefined, path: string, expected: string): void {
  if (reader.failed.has(path)) return;
  const found = node === undefined ? "nothing" : kindOf(node);
  const repair =
    found === "alias" ? "write the value itself: aliases are not used here" : `write ${expected}`;
  report(reader, node, { path, what: `is ${ARTICLES[found]}`, repair });
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
