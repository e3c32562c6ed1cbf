import type { Claim } from "../formulas/build.ts";
import type { Random } from "../oracle/random.ts";

type Raw = Record<string, unknown>;

/** A claim with a few fields somewhere exchanged for what does not belong there. */
export function strangeClaim(claim: Claim, random: Random): unknown {
  const copy = copied(claim) as Raw;
  for (let count = 1 + random.below(2); count > 0; count--) {
    const parts = partsOf(copy);
    const place = random.pick(parts);
    const keys = Object.keys(place);
    if (keys.length === 0) continue;
    const key = random.pick(keys);
    if (Array.isArray(place)) changeList(place, parts, random);
    else if (random.percent(25)) misread(place, random);
    else place[key] = strange(place[key], parts, random);
  }
  return copy;
}

/** All objects and lists within a value, each once. */
function partsOf(root: object): readonly Raw[] {
  const found = new Set<object>([root]);
  for (const part of found) {
    for (const value of Object.values(part)) {
      if (typeof value === "object" && value !== null) found.add(value);
    }
  }
  return [...found] as Raw[];
}

/** A copy with the same sharing, without recursion. */
function copied(root: object): object {
  const copies = new Map<object, object>();
  const copyOf = (value: unknown): unknown =>
    typeof value === "object" && value !== null ? (copies.get(value) ?? value) : value;
  const all = partsOf(root);
  for (const part of all) copies.set(part, Array.isArray(part) ? [] : {});
  for (const part of all) {
    const copy = copies.get(part) as Raw;
    for (const [key, value] of Object.entries(part)) copy[key] = copyOf(value);
  }
  return copies.get(root) ?? root;
}

function changeList(list: unknown[], parts: readonly Raw[], random: Random): void {
  const at = random.below(list.length + 1);
  switch (random.below(5)) {
    case 0:
      list.splice(at, 1);
      return;
    case 1:
      list.splice(at, 0, random.pick(parts));
      return;
    case 2:
      // A hole, which is not the same as undefined.
      Reflect.deleteProperty(list, at);
      return;
    case 3:
      list.length = 0;
      return;
    default:
      list[at] = strange(list[at], parts, random);
  }
}

/** Nearly correct terms: those of another operator, a constant just beyond its sort. */
function misread(place: Raw, random: Random): void {
  if (place["type"] === "bits") place["value"] = random.percent(50) ? -1n : 1n << widthOf(place);
  else if (place["type"] === "extract") place["high"] = Number(place["high"]) + 1;
  else if (place["type"] === "rational") place["denominator"] = random.pick([0n, -1n]);
  else if ("left" in place) {
    place["type"] = random.pick(["compare", "equal", "implies", "compare-bits"]);
    place["operator"] = random.pick(["less", "at-most", "unsigned-less", "signed-less"]);
  } else if (Array.isArray(place["operands"])) {
    place["type"] = random.pick(["arithmetic", "bit-operation", "and", "or"]);
    place["operator"] = random.pick(["add", "multiply", "subtract", "divide", "concatenate"]);
  } else if (typeof place["type"] === "string" && "operand" in place) {
    place["type"] = random.pick(["not", "floor", "to-real", "extract"]);
  } else if (Array.isArray(place["assumptions"])) {
    place["goal"] = { type: "integer", value: 1n };
  }
}

function widthOf(place: Raw): bigint {
  return typeof place["width"] === "number" ? BigInt(Math.trunc(place["width"])) : 1n;
}

/** Words that fields have, to be found where another is meant. */
const words = [
  "and",
  "or",
  "not",
  "add",
  "subtract",
  "multiply",
  "divide",
  "modulo",
  "quotient",
  "less",
  "at-most",
  "unsigned-less",
  "signed-less",
  "complement",
  "concatenate",
  "remainder",
  "shift-left",
  "integer",
  "boolean",
  "real",
  "bits",
  "array",
  "uninterpreted",
  "symbol",
  "apply",
  "equal",
  "implies",
  "if",
  "select",
  "store",
  "constant-array",
  "extract",
  "to-real",
  "floor",
  "compare less",
  "arithmetic add",
  "constructor",
  "__proto__",
  "toString",
  "",
];

function strange(value: unknown, parts: readonly Raw[], random: Random): unknown {
  switch (random.below(8)) {
    case 0:
    case 1:
      // Another part of the same claim, perhaps one that this one is in.
      return random.pick(parts);
    case 2:
      return random.pick(words);
    case 3:
      return typeof value === "bigint" ? value + random.pick([-1n, 1n, 1n << 70n]) : 0n;
    case 4:
      return typeof value === "number" ? value + random.pick([-1, 1, 0.5, 4_000]) : 1;
    case 5:
      return [value];
    default:
      return random.pick(junk)();
  }
}

/** Values of JavaScript that are no terms; deep ones are made on demand. */
const junk: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => -1,
  () => 2 ** 53,
  () => Infinity,
  () => -5n,
  () => true,
  () => "",
  () => Symbol("term"),
  () => () => true,
  () => ({}),
  () => [],
  () => Object.create(null),
  () => ({ toString: null, valueOf: null }),
  () => new Map(),
  () => new Uint8Array(3),
  () => Object.assign([], { length: 3 }),
  () => deepList(20_000),
];

function deepList(depth: number): unknown {
  let list: unknown = "add";
  for (let level = 0; level < depth; level++) list = [list];
  return list;
}
