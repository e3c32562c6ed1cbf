import type { Term } from "../term.ts";
import { readElement } from "./arrays.ts";
import { fold } from "./fold.ts";
import { bound, boundDigits, demand, refuse } from "./limits.ts";
import {
  addNode,
  addSort,
  booleanSort,
  integerSort,
  type NodeSort,
  type Problem,
  realSort,
} from "./problem.ts";

/** A term or sort as it comes: nothing is believed of its fields. */
type Raw = Readonly<Record<string, unknown>>;

/** The fields of a term that hold its operands, by its type; others have none. */
const operandFields: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["to-real", ["operand"]],
  ["floor", ["operand"]],
  ["not", ["operand"]],
  ["extract", ["operand"]],
  ["compare", ["left", "right"]],
  ["equal", ["left", "right"]],
  ["implies", ["left", "right"]],
  ["compare-bits", ["left", "right"]],
  ["if", ["condition", "then", "else"]],
  ["select", ["array", "index"]],
  ["store", ["array", "index", "value"]],
  ["constant-array", ["value"]],
]);

/** The types of terms that have a list of operands. */
const listTypes = new Set<unknown>(["apply", "arithmetic", "and", "or", "bit-operation"]);

/**
 * Signatures: by type and operator of a term, the sorts of operands and result, and the operator of
 * the node. One letter is one sort: `b` boolean, `i` integer, `r` real, `n` one of these two, `v` and
 * `w` bits, `x` any, `c` bits as wide as all operands together. After `+` the last operand may be
 * repeated, after `*` it may be missing, too.
 */
const signatures: ReadonlyMap<
  string,
  readonly [operands: string, result: string, operator: string]
> = new Map([
  ["not", ["b", "b", "not"]],
  ["and", ["b*", "b", "and"]],
  ["or", ["b*", "b", "or"]],
  ["implies", ["bb", "b", "or"]],
  ["if", ["bxx", "x", "if"]],
  ["equal", ["xx", "b", "equal"]],
  ["compare less", ["nn", "b", "less"]],
  ["compare at-most", ["nn", "b", "at-most"]],
  ["arithmetic add", ["nn+", "n", "add"]],
  ["arithmetic subtract", ["nn", "n", "subtract"]],
  ["arithmetic multiply", ["nn+", "n", "multiply"]],
  ["arithmetic divide", ["ii", "i", "divide"]],
  ["arithmetic modulo", ["ii", "i", "modulo"]],
  ["arithmetic quotient", ["rr", "r", "quotient"]],
  ["to-real", ["i", "r", "to-real"]],
  ["floor", ["r", "i", "floor"]],
  ["bit-operation complement", ["v", "v", "not"]],
  ["bit-operation and", ["vv", "v", "and"]],
  ["bit-operation or", ["vv", "v", "or"]],
  ["bit-operation exclusive-or", ["vv", "v", "exclusive-or"]],
  ["bit-operation add", ["vv", "v", "bits-add"]],
  ["bit-operation multiply", ["vv", "v", "bits-multiply"]],
  ["bit-operation divide", ["vv", "v", "bits-divide"]],
  ["bit-operation remainder", ["vv", "v", "bits-remainder"]],
  ["bit-operation shift-left", ["vv", "v", "shift-left"]],
  ["bit-operation shift-right", ["vv", "v", "shift-right"]],
  ["bit-operation shift-right-arithmetic", ["vv", "v", "shift-right-arithmetic"]],
  ["bit-operation concatenate", ["vw", "c", "concatenate"]],
  ["compare-bits unsigned-less", ["vv", "b", "unsigned-less"]],
  ["compare-bits signed-less", ["vv", "b", "signed-less"]],
]);

const fixedSorts: ReadonlyMap<string, number> = new Map([
  ["b", booleanSort],
  ["i", integerSort],
  ["r", realSort],
]);

/** What is read already, by identity, and the index and signature of each name. */
export interface TermReader {
  readonly problem: Problem;
  readonly terms: Map<unknown, number>;
  readonly sorts: Map<unknown, number>;
  readonly names: Map<string, { readonly index: number; readonly signature: string }>;
}

export function createTermReader(problem: Problem): TermReader {
  return { problem, terms: new Map(), sorts: new Map(), names: new Map() };
}

/** The node of a term that must be boolean. */
export function readFormula(reader: TermReader, root: Term): number {
  const node = fold<unknown, number>(root, reader.terms, operandsOf, (term, operands) => {
    bound(reader.problem.meter, "terms", reader.terms.size);
    return readNode(reader, rawOf(term), operands);
  });
  demand(reader.problem.nodes[node]?.sort === booleanSort, "a formula is not boolean");
  return node;
}

function operandsOf(term: unknown): readonly unknown[] {
  const raw = rawOf(term);
  const type = raw["type"];
  if (!listTypes.has(type)) return (operandFields.get(type) ?? []).map((field) => raw[field]);
  const operands = raw["operands"];
  return Array.isArray(operands) ? operands : refuse("operands are not a list");
}

function readNode(reader: TermReader, term: Raw, operands: readonly number[]): number {
  const { problem } = reader;
  const { type, value } = term;
  const sorts = operands.map((operand) => problem.nodes[operand]?.sort ?? -1);
  const [first = -1, second = -1] = operands;
  const [sort = -1] = sorts;
  const made: NodeSort | undefined = problem.sorts[sort];
  switch (type) {
    case "integer":
      return addNode(problem, "constant", integerSort, [], digits(problem, value));
    case "boolean":
      demand(typeof value === "boolean", "a truth value is not a boolean");
      return addNode(problem, "constant", booleanSort, [], `${value}`);
    case "rational": {
      const [above, below] = [
        digits(problem, term["numerator"]),
        digits(problem, term["denominator"]),
      ];
      demand(/^[1-9]/.test(below), "a denominator is not positive");
      return addNode(problem, "constant", realSort, [], `${above}/${below}`);
    }
    case "bits": {
      const bits = bitsSort(problem, term["width"]);
      const inside =
        typeof value === "bigint" && 0n <= value && value < 2n ** BigInt(naturalOf(term["width"]));
      demand(inside, "the value of a bit vector is not within its width");
      return addNode(problem, "constant", bits, [], `${value}`);
    }
    case "symbol":
    case "apply":
      demand(type === "symbol" || operands.length > 0, "a function without operands");
      return readApplication(reader, term, { type, operands, sorts });
    case "select":
      demand(made?.type === "array" && made.index === sorts[1], "select: sorts");
      return readElement(problem, first, second);
    case "store":
      demand(made?.type === "array" && made.index === sorts[1], "store: sort of the index");
      demand(made.element === sorts[2], "store: sort of the value");
      return addNode(problem, "store", sort, operands);
    case "constant-array": {
      const index = readSort(reader, term["index"]);
      return addNode(
        problem,
        type,
        addSort(problem, { type: "array", index, element: sort }),
        operands,
      );
    }
    case "extract": {
      const [low, high] = [naturalOf(term["low"]), naturalOf(term["high"])];
      demand(made?.type === "bits" && high < made.width, "extract: bits beyond the operand");
      return addNode(problem, type, bitsSort(problem, high - low + 1), operands, `${low}`);
    }
    default:
      return readOperator(problem, term, operands, sorts);
  }
}

/** A term whose sorts are in the table of signatures. */
function readOperator(
  problem: Problem,
  { type, operator }: Raw,
  operands: readonly number[],
  sorts: readonly number[],
): number {
  demand(typeof type === "string", "a term without a type");
  const key = typeof operator === "string" ? `${type} ${operator}` : type;
  const signature = signatures.get(type) ?? signatures.get(key);
  demand(signature !== undefined, "an unknown type or operator of a term");
  const [taken, given, name] = signature;
  const letters = taken.replace(/[+*]/, "");
  const least = taken.endsWith("*") ? 0 : letters.length;
  const most = taken === letters ? least : Infinity;
  demand(least <= sorts.length && sorts.length <= most, `${name}: number of operands`);
  const sortOf = new Map(fixedSorts);
  for (const [at, sort] of sorts.entries()) {
    const letter = letters[Math.min(at, letters.length - 1)] ?? "";
    const sortType = problem.sorts[sort]?.type ?? "";
    if (letter === "n") demand(sortType === "integer" || sortType === "real", `${name}: no number`);
    if (letter === "v" || letter === "w") demand(sortType === "bits", `${name}: no bit vector`);
    demand((sortOf.get(letter) ?? sort) === sort, `${name}: sort of operand ${at}`);
    sortOf.set(letter, sort);
  }
  const widths = sorts
    .map((sort) => problem.sorts[sort])
    .map((sort) => (sort?.type === "bits" ? sort.width : 0));
  const result =
    given === "c"
      ? bitsSort(
          problem,
          widths.reduce((sum, width) => sum + width, 0),
        )
      : (sortOf.get(given) ?? -1);
  // A remainder is defined by the quotient, and an implication is a disjunction.
  if (name === "modulo") addNode(problem, "divide", result, operands);
  if (type !== "implies") return addNode(problem, name, result, operands);
  const premise = addNode(problem, "not", booleanSort, operands.slice(0, 1));
  return addNode(problem, name, result, [premise, ...operands.slice(1)]);
}

/** A name has one signature. With two it would be two symbols here, and perhaps one elsewhere. */
function readApplication(
  { problem, names, ...reader }: TermReader,
  { name, sort }: Raw,
  {
    type,
    operands,
    sorts,
  }: {
    readonly type: string;
    readonly operands: readonly number[];
    readonly sorts: readonly number[];
  },
): number {
  demand(typeof name === "string", "a name is not a text");
  const result = readSort({ problem, names, ...reader }, sort);
  const signature = `${sorts} > ${result}`;
  const known = names.get(name) ?? { index: names.size, signature };
  demand(known.signature === signature, "a name with two signatures");
  names.set(name, known);
  return addNode(problem, type, result, operands, `${known.index}`);
}

/** The index of a sort. */
function readSort({ problem, sorts }: TermReader, root: unknown): number {
  const parts = (sort: unknown): readonly unknown[] =>
    typeof sort === "object" && rawOf(sort)["type"] === "array"
      ? [rawOf(sort)["index"], rawOf(sort)["element"]]
      : [];
  return fold<unknown, number>(root, sorts, parts, (sort, [index = -1, element = -1]) => {
    bound(problem.meter, "terms", sorts.size);
    if (sort === "boolean" || sort === "integer" || sort === "real")
      return addSort(problem, { type: sort });
    const { type, width, name } = rawOf(sort);
    if (type === "bits") return bitsSort(problem, width);
    if (type === "array") return addSort(problem, { type, index, element });
    demand(type === "uninterpreted" && typeof name === "string", "an unknown sort");
    return addSort(problem, { type, name });
  });
}

function bitsSort(problem: Problem, width: unknown): number {
  bound(problem.meter, "width", naturalOf(width));
  demand(naturalOf(width) > 0, "a bit vector without bits");
  return addSort(problem, { type: "bits", width: naturalOf(width) });
}

function naturalOf(value: unknown): number {
  const natural = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  return natural ? value : refuse("a number that is not a natural");
}

function digits({ meter }: Problem, value: unknown): string {
  return typeof value === "bigint"
    ? `${boundDigits(meter, value)}`
    : refuse("a number is not a bigint");
}

function rawOf(value: unknown): Raw {
  if (typeof value !== "object" || value === null) return refuse("a term or sort is not an object");
  return value as Raw;
}
