/** Any object: nothing is known of it. */
type Raw = Readonly<Record<string, unknown>>;

/**
 * Whether anything at all is a claim as `term.ts` defines it: every field of its type, every operand
 * of its sort, nothing within itself, one signature for each name. Written from `term.ts` alone.
 */
export function isWellSorted(claim: unknown): boolean {
  if (!isRaw(claim) || !Array.isArray(claim["assumptions"])) return false;
  const sorting: Sorting = { sorts: new Map(), names: new Map() };
  const formulas = [...claim["assumptions"], claim["goal"]];
  return formulas.every((formula) => sortOf(formula, sorting) === "boolean");
}

interface Sorting {
  /** Sorts as text, by term; undefined while its operands are looked at. */
  readonly sorts: Map<unknown, string | undefined>;
  readonly names: Map<string, string>;
}

/** The sort of a term as text, or undefined. */
function sortOf(root: unknown, sorting: Sorting): string | undefined {
  const { sorts } = sorting;
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const term = stack.at(-1);
    const operands = operandsOf(term);
    if (!isRaw(term) || operands === undefined) return undefined;
    if (sorts.get(term) !== undefined) {
      stack.pop();
      continue;
    }
    const waiting = operands.filter((operand) => sorts.get(operand) === undefined);
    if (waiting.length > 0) {
      // Opened twice, and still without a sort: it contains itself.
      if (sorts.has(term)) return undefined;
      sorts.set(term, undefined);
      for (const operand of waiting) stack.push(operand);
      continue;
    }
    const sort = resultOf(
      term,
      operands.map((operand) => sorts.get(operand) ?? "?"),
      sorting,
    );
    if (sort === undefined) return undefined;
    sorts.set(term, sort);
    stack.pop();
  }
  return sorts.get(root);
}

const named: Readonly<Record<string, readonly string[]>> = {
  integer: [],
  boolean: [],
  rational: [],
  bits: [],
  symbol: [],
  "to-real": ["operand"],
  floor: ["operand"],
  compare: ["left", "right"],
  equal: ["left", "right"],
  not: ["operand"],
  implies: ["left", "right"],
  if: ["condition", "then", "else"],
  select: ["array", "index"],
  store: ["array", "index", "value"],
  "constant-array": ["value"],
  extract: ["operand"],
  "compare-bits": ["left", "right"],
};

function operandsOf(term: unknown): readonly unknown[] | undefined {
  if (!isRaw(term)) return undefined;
  const { type, operands } = term;
  if (typeof type !== "string") return undefined;
  if (["apply", "arithmetic", "and", "or", "bit-operation"].includes(type)) {
    return Array.isArray(operands) ? Array.from(operands as readonly unknown[]) : undefined;
  }
  return Object.hasOwn(named, type) ? named[type]?.map((field) => term[field]) : undefined;
}

function resultOf(term: Raw, from: readonly string[], sorting: Sorting): string | undefined {
  const [first = "", second = "", third = ""] = from;
  const when = (condition: boolean, sort: string): string | undefined =>
    condition ? sort : undefined;
  const { value } = term;
  switch (term["type"]) {
    case "integer":
      return when(typeof value === "bigint", "integer");
    case "boolean":
      return when(typeof value === "boolean", "boolean");
    case "rational": {
      const { numerator, denominator } = term;
      const whole = typeof numerator === "bigint" && typeof denominator === "bigint";
      return when(whole && denominator > 0n, "real");
    }
    case "bits": {
      const width = widthIn(term["width"]);
      const inside = typeof value === "bigint" && value >= 0n && value >> BigInt(width) === 0n;
      return when(width > 0 && inside, `bits ${width}`);
    }
    case "symbol":
      return nameSort(term, from, sorting);
    case "apply":
      return from.length > 0 ? nameSort(term, from, sorting) : undefined;
    case "arithmetic":
      return arithmeticSort(term["operator"], from);
    case "to-real":
      return when(first === "integer", "real");
    case "floor":
      return when(first === "real", "integer");
    case "compare": {
      const known = term["operator"] === "less" || term["operator"] === "at-most";
      return when(known && isNumber(first) && first === second, "boolean");
    }
    case "equal":
      return when(first === second, "boolean");
    case "not":
    case "and":
    case "or":
    case "implies":
      return when(
        from.every((sort) => sort === "boolean"),
        "boolean",
      );
    case "if":
      return when(first === "boolean" && second === third, second);
    case "select":
      return first.startsWith(`array (${second}) `) ? elementIn(first, second) : undefined;
    case "store":
      return when(first === `array (${second}) (${third})`, first);
    case "constant-array": {
      const index = sortText(term["index"]);
      return index === undefined ? undefined : `array (${index}) (${first})`;
    }
    default:
      return bitsSort(term, from);
  }
}

function elementIn(array: string, index: string): string {
  return array.slice(`array (${index}) (`.length, -1);
}

function isNumber(sort: string): boolean {
  return sort === "integer" || sort === "real";
}

function arithmeticSort(operator: unknown, from: readonly string[]): string | undefined {
  const [first = ""] = from;
  if (!isNumber(first) || from.some((sort) => sort !== first)) return undefined;
  if (operator === "add" || operator === "multiply") return from.length >= 2 ? first : undefined;
  if (from.length !== 2) return undefined;
  if (operator === "subtract") return first;
  if (operator === "divide" || operator === "modulo") {
    return first === "integer" ? first : undefined;
  }
  return operator === "quotient" && first === "real" ? first : undefined;
}

const binary = new Set<unknown>([
  "and",
  "or",
  "exclusive-or",
  "add",
  "multiply",
  "divide",
  "remainder",
  "shift-left",
  "shift-right",
  "shift-right-arithmetic",
]);

function bitsSort(term: Raw, from: readonly string[]): string | undefined {
  const [first = "", second = ""] = from;
  const { type, operator, high, low } = term;
  if (from.some((sort) => !sort.startsWith("bits "))) return undefined;
  const [left = 0, right = 0] = from.map((sort) => Number(sort.slice(5)));
  if (type === "extract") {
    const inside = isNatural(low) && isNatural(high) && low <= high && high < left;
    return inside ? `bits ${high - low + 1}` : undefined;
  }
  if (type === "compare-bits") {
    const known = operator === "unsigned-less" || operator === "signed-less";
    return known && first === second ? "boolean" : undefined;
  }
  if (operator === "complement") return from.length === 1 ? first : undefined;
  if (from.length !== 2) return undefined;
  if (operator === "concatenate") return `bits ${left + right}`;
  return binary.has(operator) && first === second ? first : undefined;
}

function nameSort(term: Raw, from: readonly string[], { names }: Sorting): string | undefined {
  const { name } = term;
  const sort = sortText(term["sort"]);
  if (typeof name !== "string" || sort === undefined) return undefined;
  const signature = JSON.stringify([...from, sort]);
  if ((names.get(name) ?? signature) !== signature) return undefined;
  names.set(name, signature);
  return sort;
}

/** A sort as text. Recursive: sorts of tests are shallow, and those that are not are refused. */
function sortText(sort: unknown, depth = 0): string | undefined {
  if (sort === "integer" || sort === "boolean" || sort === "real") return sort;
  if (!isRaw(sort) || depth > 1_000) return undefined;
  if (sort["type"] === "bits") {
    const width = widthIn(sort["width"]);
    return width > 0 ? `bits ${width}` : undefined;
  }
  if (sort["type"] === "uninterpreted") {
    const { name } = sort;
    return typeof name === "string" ? `uninterpreted ${JSON.stringify(name)}` : undefined;
  }
  if (sort["type"] !== "array") return undefined;
  const index = sortText(sort["index"], depth + 1);
  const element = sortText(sort["element"], depth + 1);
  const both = index !== undefined && element !== undefined;
  return both ? `array (${index}) (${element})` : undefined;
}

/** A width, or 0 for what is none. */
function widthIn(width: unknown): number {
  return isNatural(width) && width <= 100_000 ? width : 0;
}

function isNatural(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null;
}
