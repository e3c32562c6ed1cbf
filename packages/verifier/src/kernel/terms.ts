import type { Term } from "../term.ts";
import { readElement } from "./arrays.ts";
import { fold } from "./fold.ts";
import { bound, boundDigits, demand, refuse } from "./limits.ts";
import { addNode, addSort, booleanSort, integerSort, type Problem, realSort } from "./problem.ts";

/** Term or sort as the caller gave it. Its fields are not checked yet. */
type Raw = Readonly<Record<string, unknown>>;

/**
 * Rule for one operator of a term: the fields that hold the operands, the sorts of the operands,
 * the sort of the result, and the operator of the kernel's node.
 */
type Rule = readonly [fields: string, taken: string, given: string, operator: string];

/**
 * Rules by the type of a term, followed by its operator if it has one.
 *
 * A letter stands for a sort, the same one wherever it occurs in the rule. `b` is boolean, `i`
 * integer, `r` real, `n` integer or real, `v` and `w` bit vectors, `a` an array with indexes `k`
 * and elements `e`, `x` any sort. `c` is a bit vector as wide as all operands together. `+` after
 * the letters means that the last operand may be repeated, `*` that it may be repeated or missing.
 * If a rule names no fields, the operands are in the list `operands`. The last three rows are only
 * for their fields: `readNode` has a case for each.
 */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["not", ["operand", "b", "b", "not"]],
  ["and", ["", "b*", "b", "and"]],
  ["or", ["", "b*", "b", "or"]],
  ["implies", ["left right", "bb", "b", "or"]],
  ["if", ["condition then else", "bxx", "x", "if"]],
  ["equal", ["left right", "xx", "b", "equal"]],
  ["compare less", ["left right", "nn", "b", "less"]],
  ["compare at-most", ["left right", "nn", "b", "at-most"]],
  ["arithmetic add", ["", "nn+", "n", "add"]],
  ["arithmetic subtract", ["", "nn", "n", "subtract"]],
  ["arithmetic multiply", ["", "nn+", "n", "multiply"]],
  ["arithmetic divide", ["", "ii", "i", "divide"]],
  ["arithmetic modulo", ["", "ii", "i", "modulo"]],
  ["arithmetic quotient", ["", "rr", "r", "quotient"]],
  ["to-real", ["operand", "i", "r", "to-real"]],
  ["floor", ["operand", "r", "i", "floor"]],
  ["bit-operation complement", ["", "v", "v", "not"]],
  ["bit-operation and", ["", "vv", "v", "and"]],
  ["bit-operation or", ["", "vv", "v", "or"]],
  ["bit-operation exclusive-or", ["", "vv", "v", "exclusive-or"]],
  ["bit-operation add", ["", "vv", "v", "bits-add"]],
  ["bit-operation multiply", ["", "vv", "v", "bits-multiply"]],
  ["bit-operation divide", ["", "vv", "v", "bits-divide"]],
  ["bit-operation remainder", ["", "vv", "v", "bits-remainder"]],
  ["bit-operation shift-left", ["", "vv", "v", "shift-left"]],
  ["bit-operation shift-right", ["", "vv", "v", "shift-right"]],
  ["bit-operation shift-right-arithmetic", ["", "vv", "v", "shift-right-arithmetic"]],
  ["bit-operation concatenate", ["", "vw", "c", "concatenate"]],
  ["compare-bits unsigned-less", ["left right", "vv", "b", "unsigned-less"]],
  ["compare-bits signed-less", ["left right", "vv", "b", "signed-less"]],
  ["select", ["array index", "ak", "e", "select"]],
  ["store", ["array index value", "ake", "a", "store"]],
  ["constant-array", ["value", "", "", ""]],
  ["extract", ["operand", "", "", ""]],
  ["apply", ["", "", "", ""]],
]);

const fixedSorts: ReadonlyMap<string, number> = new Map([
  ["b", booleanSort],
  ["i", integerSort],
  ["r", realSort],
]);

/** Sorts that a letter may stand for. A letter that is not listed may stand for any. */
const kinds: ReadonlyMap<string, readonly string[]> = new Map([
  ["n", ["integer", "real"]],
  ["v", ["bits"]],
  ["w", ["bits"]],
  ["a", ["array"]],
]);

function ruleOf({ type, operator }: Raw): Rule | undefined {
  if (typeof type !== "string" || type.includes(" ")) return undefined;
  return rules.get(type) ?? rules.get(`${type} ${typeof operator === "string" ? operator : ""}`);
}

/**
 * Nodes of terms and indexes of sorts that were read, by object identity, and the index and
 * signature of each name.
 */
export interface TermReader {
  readonly problem: Problem;
  readonly terms: Map<unknown, number>;
  readonly sorts: Map<unknown, number>;
  readonly names: Map<string, { readonly index: number; readonly signature: string }>;
}

export function createTermReader(problem: Problem): TermReader {
  return { problem, terms: new Map(), sorts: new Map(), names: new Map() };
}

/** Returns the node of a term. Refuses a term that is not boolean. */
export function readFormula(reader: TermReader, root: Term): number {
  const { problem, terms } = reader;
  const node = fold<unknown, number>(root, terms, operandsOf, (term, operands) => {
    bound(problem.meter, "terms", terms.size);
    return readNode(reader, rawOf(term), operands);
  });
  demand(problem.nodes[node]?.sort === booleanSort, "a formula is not boolean");
  return node;
}

function operandsOf(term: unknown): readonly unknown[] {
  const raw = rawOf(term);
  const [fields] = ruleOf(raw) ?? [];
  if (fields !== "") return (fields?.split(" ") ?? []).map((field) => raw[field]);
  const operands = raw["operands"];
  return Array.isArray(operands) ? Array.from(operands) : refuse("operands are not a list");
}

/** Returns the node of a term whose operands are nodes already. */
function readNode(reader: TermReader, term: Raw, operands: readonly number[]): number {
  const { problem } = reader;
  const { type, value } = term;
  const sorts = operands.map((operand) => problem.nodes[operand]?.sort ?? -1);
  const [element = -1] = sorts;
  switch (type) {
    case "boolean":
      demand(typeof value === "boolean", "a truth value is not a boolean");
      return addNode(problem, "constant", booleanSort, [], `${value}`);
    case "integer":
      return addNode(problem, "constant", integerSort, [], digitsOf(problem, value));
    case "rational": {
      const parts = [term["numerator"], term["denominator"]].map((part) => digitsOf(problem, part));
      demand(/^[1-9]/.test(parts[1] ?? ""), "a denominator is not positive");
      return addNode(problem, "constant", realSort, [], parts.join("/"));
    }
    case "bits": {
      const result = bitsSort(problem, term["width"]);
      const end = 2n ** BigInt(naturalOf(term["width"]));
      const fits = typeof value === "bigint" && 0n <= value && value < end;
      demand(fits, "the value of a bit vector is not within its width");
      return addNode(problem, "constant", result, [], `${value}`);
    }
    case "symbol":
    case "apply": {
      demand(type === "symbol" || operands.length > 0, "a function without operands");
      const result = readSort(reader, term["sort"]);
      const name = nameOf(reader, term["name"], `${sorts.join(" ")} > ${result}`);
      return addNode(problem, type, result, operands, name);
    }
    case "constant-array": {
      const index = readSort(reader, term["index"]);
      const sort = addSort(problem, { type: "array", index, element });
      return addNode(problem, type, sort, operands);
    }
    case "extract": {
      const [low, high] = [naturalOf(term["low"]), naturalOf(term["high"])];
      const vector = problem.sorts[sorts[0] ?? -1];
      demand(vector?.type === "bits" && high < vector.width, "extract: bits beyond the operand");
      return addNode(problem, type, bitsSort(problem, high - low + 1), operands, `${low}`);
    }
    default:
      return readOperator(problem, term, operands, sorts);
  }
}

/** Returns the node of a term whose sorts are given by a rule. */
function readOperator(
  problem: Problem,
  term: Raw,
  operands: readonly number[],
  sorts: readonly number[],
): number {
  const rule = ruleOf(term) ?? refuse("an unknown type or operator of a term");
  const [first = -1, second = -1] = operands;
  const [, , , operator] = rule;
  const result = resultOf(problem, rule, sorts) ?? refuse(`${operator}: sorts of the operands`);
  if (operator === "select") return readElement(problem, first, second);
  if (operator === "modulo") return readRemainder(problem, first, second);
  if (term["type"] !== "implies") return addNode(problem, operator, result, operands);
  return addNode(problem, "or", result, [addNode(problem, "not", result, [first]), second]);
}

/**
 * Returns the node of `a mod b`, which is `a - b (a div b)` (SMT-LIB Ints). For `b = 0` it is the
 * node `modulo`, a function of `a` and `b` about which nothing is stated. In particular, it need
 * not be `a`.
 */
function readRemainder(problem: Problem, a: number, b: number): number {
  const make = (operator: string, ...operands: readonly number[]): number =>
    addNode(problem, operator, integerSort, operands);
  const rest = make("subtract", a, make("multiply", b, make("divide", a, b)));
  const nought = addNode(problem, "constant", integerSort, [], "0");
  const isZero = addNode(problem, "equal", booleanSort, [b, nought]);
  return make("if", isZero, make("modulo", a, b), rest);
}

/** Returns the sort of the result. Undefined if the operands do not fit the rule. */
function resultOf(
  problem: Problem,
  [, taken, given]: Rule,
  sorts: readonly number[],
): number | undefined {
  const letters = taken.replace(/[+*]/, "");
  const least = taken.endsWith("*") ? 0 : letters.length;
  const most = taken === letters ? letters.length : Infinity;
  if (sorts.length < least || sorts.length > most) return undefined;
  const known = new Map(fixedSorts);
  let width = 0;
  for (const [at, id] of sorts.entries()) {
    const letter = letters[Math.min(at, letters.length - 1)] ?? "";
    const sort = problem.sorts[id] ?? refuse("no such sort");
    if (!(kinds.get(letter) ?? [sort.type]).includes(sort.type)) return undefined;
    if ((known.get(letter) ?? id) !== id) return undefined;
    known.set(letter, id);
    if (sort.type === "bits") width += sort.width;
    if (letter === "a" && sort.type === "array") known.set("k", sort.index).set("e", sort.element);
  }
  return given === "c" ? bitsSort(problem, width) : known.get(given);
}

/**
 * Returns the index of a name, as text. Refuses a name with two signatures: the kernel would take
 * it for two symbols, and other programs perhaps for one.
 */
function nameOf({ names }: TermReader, name: unknown, signature: string): string {
  demand(typeof name === "string", "a name is not a text");
  const known = names.get(name) ?? { index: names.size, signature };
  demand(known.signature === signature, "a name with two signatures");
  names.set(name, known);
  return `${known.index}`;
}

/** Returns the index of a sort, and adds it if it is new. */
function readSort({ problem, sorts }: TermReader, root: unknown): number {
  const partsOf = (sort: unknown): readonly unknown[] => {
    const { type, index, element } = typeof sort === "string" ? { type: sort } : rawOf(sort);
    return type === "array" ? [index, element] : [];
  };
  return fold<unknown, number>(root, sorts, partsOf, (sort, [index = -1, element = -1]) => {
    bound(problem.meter, "terms", sorts.size);
    if (sort === "boolean" || sort === "integer" || sort === "real") {
      return addSort(problem, { type: sort });
    }
    const { type, width, name } = rawOf(sort);
    if (type === "bits") return bitsSort(problem, width);
    if (type === "array") return addSort(problem, { type, index, element });
    demand(type === "uninterpreted" && typeof name === "string", "an unknown sort");
    return addSort(problem, { type, name });
  });
}

function bitsSort(problem: Problem, width: unknown): number {
  const natural = naturalOf(width);
  demand(natural > 0, "a bit vector without bits");
  bound(problem.meter, "width", natural);
  return addSort(problem, { type: "bits", width: natural });
}

function naturalOf(value: unknown): number {
  const isNatural = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  return isNatural ? value : refuse("a number that is not a natural");
}

function digitsOf({ meter }: Problem, value: unknown): string {
  demand(typeof value === "bigint", "a number is not a bigint");
  return boundDigits(meter, value).toString();
}

function rawOf(value: unknown): Raw {
  const isObject = typeof value === "object" && value !== null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked in the same line
  return isObject ? (value as Raw) : refuse("a term or sort is not an object");
}
