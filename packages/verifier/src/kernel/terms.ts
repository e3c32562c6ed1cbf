import type { Sort, Term } from "../term.ts";
import { readElement } from "./arrays.ts";
import { fold } from "./fold.ts";
import { bound, refuse, require } from "./limits.ts";
import {
  addNode,
  addSort,
  booleanSort,
  integerSort,
  type NodeSort,
  type Operator,
  type Problem,
  realSort,
} from "./problem.ts";

/** Reads terms into nodes, and refuses those that have no sort. One for each problem. */
export interface TermReader {
  readonly problem: Problem;
  /** By identity. */
  readonly terms: Map<Term, number>;
  readonly sorts: Map<Sort, number>;
  readonly names: Map<string, number>;
  /** What each name of a symbol or function takes and gives. */
  readonly signatures: Map<string, string>;
}

export function createTermReader(problem: Problem): TermReader {
  return {
    problem,
    terms: new Map(),
    sorts: new Map(),
    names: new Map(),
    signatures: new Map(),
  };
}

/** The node of a term. */
export function readTerm(reader: TermReader, root: Term): number {
  return fold(root, {
    known: reader.terms,
    operandsOf,
    build: (term, operands) => {
      bound(reader.problem.meter, "terms", reader.terms.size);
      return buildNode(reader, term, operands);
    },
  });
}

/** The node of a term that must be boolean. */
export function readFormula(reader: TermReader, root: Term): number {
  const node = readTerm(reader, root);
  require(reader.problem.nodes[node]?.sort === booleanSort, "a formula is not boolean");
  return node;
}

/** The operands of a term of any shape; `buildNode` refuses what is no term. */
function operandsOf(term: Term): readonly Term[] {
  require(typeof term === "object" && term !== null, "a term is not an object");
  switch (term.type) {
    case "apply":
    case "arithmetic":
    case "and":
    case "or":
    case "bit-operation":
      require(Array.isArray(term.operands), "operands are not a list");
      return term.operands;
    case "to-real":
    case "floor":
    case "not":
    case "extract":
      return [term.operand];
    case "compare":
    case "equal":
    case "implies":
    case "compare-bits":
      return [term.left, term.right];
    case "if":
      return [term.condition, term.then, term.else];
    case "select":
      return [term.array, term.index];
    case "store":
      return [term.array, term.index, term.value];
    case "constant-array":
      return [term.value];
    default:
      return [];
  }
}

function buildNode(reader: TermReader, term: Term, operands: readonly number[]): number {
  const { problem } = reader;
  const [first = -1, second = -1, third = -1] = operands;
  const sortOf = (node: number): number => problem.nodes[node]?.sort ?? -1;
  const sort = sortOf(first);
  const make = (operator: Operator, result: number, detail = ""): number =>
    addNode(problem, { operator, sort: result, operands, detail });
  switch (term.type) {
    case "integer":
    case "boolean":
    case "rational":
    case "bits":
      return buildConstant(problem, term);
    case "symbol":
    case "apply":
      return buildApplication(reader, term, operands);
    case "arithmetic":
      return buildArithmetic(problem, term, operands);
    case "to-real":
      require(sort === integerSort, "to-real takes an integer");
      return make("to-real", realSort);
    case "floor":
      require(sort === realSort, "floor takes a real");
      return make("floor", integerSort);
    case "compare":
      require(isNumber(sort) && sortOf(second) === sort, "a comparison takes two numbers");
      require(term.operator === "less" || term.operator === "at-most", "unknown comparison");
      return make(term.operator, booleanSort);
    case "equal":
      require(sortOf(second) === sort, "an equality has two sorts");
      return make("equal", booleanSort);
    case "not":
    case "and":
    case "or":
      require(allOf(problem, operands, booleanSort), `${term.type} takes booleans`);
      return make(term.type, booleanSort);
    case "implies": {
      require(allOf(problem, operands, booleanSort), "implies takes booleans");
      const not = { operator: "not", sort: booleanSort, operands: [first], detail: "" } as const;
      const either = [addNode(problem, not), second];
      return addNode(problem, { ...not, operator: "or", operands: either });
    }
    case "if":
      require(sort === booleanSort, "if takes a boolean");
      require(sortOf(second) === sortOf(third), "the branches of an if have two sorts");
      return make("if", sortOf(second));
    case "select":
      require(arrayOf(problem, sort).index === sortOf(second), "select: sort of the index");
      return readElement(problem, first, second);
    case "store": {
      const { index, element } = arrayOf(problem, sort);
      require(index === sortOf(second), "store: sort of the index");
      require(element === sortOf(third), "store: sort of the value");
      return make("store", sort);
    }
    case "constant-array": {
      const index = readSort(reader, term.index);
      return make("constant-array", addSort(problem, { type: "array", index, element: sort }));
    }
    case "bit-operation":
      return buildBits(problem, term, operands);
    case "extract": {
      const { high, low } = term;
      const inside = Number.isInteger(low) && Number.isInteger(high) && 0 <= low && low <= high;
      require(inside && high < widthOf(problem, sort), "extract: bits outside of the operand");
      return make("extract", bitsSort(problem, high - low + 1), `${low}`);
    }
    case "compare-bits":
      require(widthOf(problem, sort) > 0 && sortOf(second) === sort, "compare-bits: widths");
      require(["unsigned-less", "signed-less"].includes(term.operator), "unknown comparison");
      return make(term.operator, booleanSort);
    default:
      return refuse("a term of unknown type");
  }
}

function buildConstant(
  problem: Problem,
  term: Extract<Term, { type: "integer" | "boolean" | "rational" | "bits" }>,
): number {
  const make = (sort: number, detail: string): number =>
    addNode(problem, { operator: "constant", sort, operands: [], detail });
  const digits = (value: bigint): string => {
    require(typeof value === "bigint", "a number is not a bigint");
    bound(
      problem.meter,
      "digits",
      value > problem.meter.largest || -value > problem.meter.largest ? Infinity : 0,
    );
    return value.toString();
  };
  switch (term.type) {
    case "integer":
      return make(integerSort, digits(term.value));
    case "boolean":
      require(typeof term.value === "boolean", "a truth value is not a boolean");
      return make(booleanSort, `${term.value}`);
    case "rational": {
      const [numerator, denominator] = [digits(term.numerator), digits(term.denominator)];
      require(term.denominator > 0n, "a denominator is not positive");
      return make(realSort, `${numerator}/${denominator}`);
    }
    case "bits": {
      const sort = bitsSort(problem, term.width);
      require(typeof term.value === "bigint", "a bit vector's value is not a bigint");
      const inside = term.value >= 0n && term.value >> BigInt(term.width) === 0n;
      require(inside, "a bit vector's value is wider than its sort");
      return make(sort, term.value.toString());
    }
  }
}

/** A name has one signature: with two, one symbol of the kernel would be two of the theorem. */
function buildApplication(
  reader: TermReader,
  term: Extract<Term, { type: "symbol" | "apply" }>,
  operands: readonly number[],
): number {
  const { problem, names, signatures } = reader;
  require(typeof term.name === "string", "a name is not a text");
  require(term.type === "symbol" || operands.length > 0, "a function without operands");
  const sort = readSort(reader, term.sort);
  const taken = operands.map((operand) => problem.nodes[operand]?.sort);
  const signature = `${taken.join(" ")} > ${sort}`;
  const known = signatures.get(term.name) ?? signature;
  require(known === signature, "a name has two signatures");
  signatures.set(term.name, signature);
  const name = names.get(term.name) ?? names.size;
  names.set(term.name, name);
  return addNode(problem, { operator: term.type, sort, operands, detail: `${name}` });
}

function buildArithmetic(
  problem: Problem,
  term: Extract<Term, { type: "arithmetic" }>,
  operands: readonly number[],
): number {
  const { operator } = term;
  const sort = problem.nodes[operands[0] ?? -1]?.sort ?? -1;
  require(isNumber(sort) && allOf(problem, operands, sort), "arithmetic of two sorts");
  const sorts = {
    add: [sort],
    multiply: [sort],
    subtract: [sort],
    divide: [integerSort],
    modulo: [integerSort],
    quotient: [realSort],
  };
  require(Object.hasOwn(sorts, operator), "unknown arithmetic");
  require(sorts[operator].includes(sort), `${operator}: sort of the operands`);
  const any = operator === "add" || operator === "multiply";
  require(any ? operands.length >= 2 : operands.length === 2, `${operator}: operands`);
  // A remainder is defined by the quotient of the same operands (`numbers.ts`).
  if (operator === "modulo") addNode(problem, { operator: "divide", sort, operands, detail: "" });
  return addNode(problem, { operator, sort, operands, detail: "" });
}

function buildBits(
  problem: Problem,
  term: Extract<Term, { type: "bit-operation" }>,
  operands: readonly number[],
): number {
  const [sort = -1, other] = operands.map((operand) => problem.nodes[operand]?.sort ?? -1);
  const width = widthOf(problem, sort);
  const make = (operator: Operator, result: number): number =>
    addNode(problem, { operator, sort: result, operands, detail: "" });
  require(operands.length === (term.operator === "complement" ? 1 : 2), "bit vectors: operands");
  switch (term.operator) {
    case "concatenate":
      return make("bits-concatenate", bitsSort(problem, width + widthOf(problem, other ?? -1)));
    case "complement":
      return make("bits-complement", sort);
    case "and":
    case "or":
    case "exclusive-or":
    case "add":
    case "multiply":
    case "divide":
    case "remainder":
    case "shift-left":
    case "shift-right":
    case "shift-right-arithmetic":
      require(other === sort, "bit vectors of two widths");
      return make(`bits-${term.operator}`, sort);
    default:
      return refuse("unknown operator of bit vectors");
  }
}

/** The index of a sort of any shape. */
function readSort({ problem, sorts }: TermReader, root: Sort): number {
  return fold(root, {
    known: sorts,
    operandsOf: (sort) =>
      typeof sort === "object" && sort?.type === "array" ? [sort.index, sort.element] : [],
    build: (sort, [index = -1, element = -1]) => {
      bound(problem.meter, "terms", sorts.size);
      if (sort === "boolean") return booleanSort;
      if (sort === "integer") return integerSort;
      if (sort === "real") return realSort;
      require(typeof sort === "object" && sort !== null, "a sort is not an object");
      switch (sort.type) {
        case "bits":
          return bitsSort(problem, sort.width);
        case "array":
          return addSort(problem, { type: "array", index, element });
        case "uninterpreted":
          require(typeof sort.name === "string", "a sort's name is not a text");
          return addSort(problem, { type: "uninterpreted", name: sort.name });
        default:
          return refuse("an unknown sort");
      }
    },
  });
}

function bitsSort(problem: Problem, width: number): number {
  require(Number.isSafeInteger(width) && width > 0, "a width is not a positive integer");
  bound(problem.meter, "width", width);
  return addSort(problem, { type: "bits", width });
}

/** The width of a sort of bit vectors. */
export function widthOf(problem: Problem, sort: number): number {
  const found = problem.sorts[sort];
  return found?.type === "bits" ? found.width : refuse("an operand is not a bit vector");
}

/** What an array sort maps. */
function arrayOf(problem: Problem, sort: number): Extract<NodeSort, { type: "array" }> {
  const found = problem.sorts[sort];
  return found?.type === "array" ? found : refuse("an operand is not an array");
}

function isNumber(sort: number): boolean {
  return sort === integerSort || sort === realSort;
}

function allOf(problem: Problem, operands: readonly number[], sort: number): boolean {
  return operands.every((operand) => problem.nodes[operand]?.sort === sort);
}
