import { type ExactOperation, operation } from "./exact-operations.ts";

/** Characters of SMT-LIB strings are code points, up to this one. */
const codeMax = 0x2ffffn;

const pointsOf = (text: string): readonly string[] => Array.from(text);
const lengthOf = (text: string): bigint => BigInt(pointsOf(text).length);

/** `count` characters from `start` on; nothing where that makes no sense. */
function cut(text: string, start: bigint, count: bigint): string {
  const points = pointsOf(text);
  if (start < 0n || start >= BigInt(points.length) || count <= 0n) return "";
  const end = start + count > BigInt(points.length) ? BigInt(points.length) : start + count;
  return points.slice(Number(start), Number(end)).join("");
}

function indexOf(text: string, part: string, start: bigint): bigint {
  const points = pointsOf(text);
  const wanted = pointsOf(part);
  if (start < 0n || start > BigInt(points.length)) return -1n;
  for (let at = Number(start); at + wanted.length <= points.length; at++) {
    if (wanted.every((point, offset) => points[at + offset] === point)) return BigInt(at);
  }
  return -1n;
}

function replaceFirst(text: string, part: string, by: string): string {
  const at = indexOf(text, part, 0n);
  if (at < 0n) return text;
  const points = pointsOf(text);
  const after = Number(at) + pointsOf(part).length;
  return points.slice(0, Number(at)).join("") + by + points.slice(after).join("");
}

function replaceAll(text: string, part: string, by: string): string {
  return part === "" ? text : text.split(part).join(by);
}

/** Order of code points, not of UTF-16 units. */
function before(left: string, right: string): boolean {
  const [first, second] = [pointsOf(left), pointsOf(right)];
  for (const [at, point] of first.entries()) {
    const other = second[at];
    if (other === undefined) return false;
    const difference = (point.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return first.length < second.length;
}

/** Operations of the theory Strings, regular expressions apart. */
export const stringOperations: readonly ExactOperation[] = [
  operation("str.len", [["String"], "Int"], ([text]) => lengthOf(text as string)),
  operation("str.++", [["String", "String"], "String"], (texts) => texts.join("")),
  operation("str.substr", [["String", "Int", "Int"], "String"], ([text, start, count]) =>
    cut(text as string, start as bigint, count as bigint),
  ),
  operation("str.at", [["String", "Int"], "String"], ([text, at]) =>
    cut(text as string, at as bigint, 1n),
  ),
  operation("str.indexof", [["String", "String", "Int"], "Int"], ([text, part, start]) =>
    indexOf(text as string, part as string, start as bigint),
  ),
  operation("str.contains", [["String", "String"], "Bool"], ([text, part]) =>
    (text as string).includes(part as string),
  ),
  operation("str.prefixof", [["String", "String"], "Bool"], ([part, text]) =>
    (text as string).startsWith(part as string),
  ),
  operation("str.suffixof", [["String", "String"], "Bool"], ([part, text]) =>
    (text as string).endsWith(part as string),
  ),
  operation("str.replace", [["String", "String", "String"], "String"], ([text, part, by]) =>
    replaceFirst(text as string, part as string, by as string),
  ),
  operation("str.replace_all", [["String", "String", "String"], "String"], ([text, part, by]) =>
    replaceAll(text as string, part as string, by as string),
  ),
  operation("str.<", [["String", "String"], "Bool"], ([left, right]) =>
    before(left as string, right as string),
  ),
  operation(
    "str.<=",
    [["String", "String"], "Bool"],
    ([left, right]) => left === right || before(left as string, right as string),
  ),
  operation("str.is_digit", [["String"], "Bool"], ([text]) => /^[0-9]$/.test(text as string)),
  operation("str.to_code", [["String"], "Int"], ([text]) => {
    const points = pointsOf(text as string);
    return points.length === 1 ? BigInt(points[0]?.codePointAt(0) ?? 0) : -1n;
  }),
  operation("str.from_code", [["Int"], "String"], ([code]) => {
    const number = code as bigint;
    return number < 0n || number > codeMax ? "" : String.fromCodePoint(Number(number));
  }),
  operation("str.to_int", [["String"], "Int"], ([text]) =>
    /^[0-9]+$/.test(text as string) ? BigInt(text as string) : -1n,
  ),
  operation("str.from_int", [["Int"], "String"], ([number]) =>
    (number as bigint) < 0n ? "" : String(number),
  ),
];
