import type { Machine, Typed } from "../environment/machine.ts";
import { readIndex } from "../environment/read-index.ts";
import { readSort } from "../environment/read-sort.ts";
import { refuseUnknown } from "../environment/refuse.ts";
import type { TypedTerm } from "../graph/typed-term.ts";
import { indexedSignatureOf } from "../signatures/theories.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import { type Atom, type List, type Node, ScreenError } from "../syntax/s-expression.ts";
import { arity, asSymbol, child, symbolAt, textOf } from "../syntax/shape.ts";
import { applyName, applyTester } from "./apply-name.ts";
import { applyTheory } from "./apply-theory.ts";

/** Tells whether a list is a name with indices, `(_ ...)`, or a name with a sort, `(as ...)`. */
export function isQualified(list: List): boolean {
  const head = list.items[0];
  return head?.type === "symbol" && (head.text === "_" || head.text === "as");
}

/** Applies a name with indices or a name with a sort. */
export function applyQualified(
  machine: Machine,
  head: List,
  operands: readonly Typed[],
): TypedTerm {
  return textOf(head.items[0]) === "as"
    ? applyWritten(machine, head, operands)
    : applyIndexed(machine, head, operands);
}

/**
 * Applies a name with a sort, such as `(as nil (List Int))`, or `(as const (Array Int Int))`, which
 * is in SMT-LIB 2.7 too.
 */
function applyWritten(machine: Machine, head: List, operands: readonly Typed[]): TypedTerm {
  arity(head, 3);
  const { environment } = machine;
  const name = symbolAt(head, 1);
  const sort = readSort(environment, child(head, 2));
  if (name.text !== "const" || environment.functionNames.has("const")) {
    return applyName(machine, name, operands, sort);
  }
  const [value] = operands;
  if (sort.type !== "array") {
    throw new ScreenError("sort", `\`const\` makes an array, not ${describeSort(sort)}`, head.at);
  }
  if (value === undefined || operands.length !== 1) {
    throw new ScreenError("shape", "`const` takes one term", head.at);
  }
  if (value.term.sort !== sort.element) {
    const [expected, found] = [sort.element, value.term.sort].map(describeSort);
    throw new ScreenError("sort", `\`const\` expects ${expected}, found ${found}`, value.at);
  }
  return environment.graph.make({ type: "constant-array" }, [value.term], sort, head.at);
}

function applyIndexed(machine: Machine, head: List, operands: readonly Typed[]): TypedTerm {
  const { environment } = machine;
  const { limits } = environment;
  const name = child(head, 1);
  const indices = head.items.slice(2);
  if (name.type !== "symbol" || indices.length === 0) {
    throw new ScreenError("shape", "`_` takes a name and indices", head.at);
  }
  if (name.text === "is" && indices.length === 1) {
    return applyTester(environment, asSymbol(child(head, 2)), operands);
  }
  const constant = indexedConstant(machine, name, indices);
  if (constant !== undefined) {
    if (operands.length === 0) return constant;
    throw new ScreenError("shape", `\`${name.text}\` is a constant`, head.at);
  }
  const signature = indexedSignatureOf(name.text);
  if (signature === undefined || signature.indices !== indices.length) {
    refuseUnknown(name.text, head.at, `(_ ${name.text} ...)`);
  }
  const numbers = indices.map((index) => readIndex(index, limits.index));
  const shown = `(_ ${name.text} ${numbers.join(" ")})`;
  const use = { signature, shown, indices: numbers, at: head.at };
  return applyTheory(environment, use, operands);
}

/** Reads `(_ bv10 32)` and `(_ char #x41)`. Undefined for any other name. */
function indexedConstant(
  { environment }: Machine,
  name: Atom,
  indices: readonly Node[],
): TypedTerm | undefined {
  const { graph, sorts, limits } = environment;
  const [index] = indices;
  if (index === undefined || indices.length !== 1) return undefined;
  if (name.text === "char" && index.type === "bits" && index.text.startsWith("#x")) {
    const code = Number.parseInt(index.text.slice(2), 16);
    if (code > 0x2ffff)
      throw new ScreenError("index", "a character must be at most #x2ffff", index.at);
    const operator = { type: "string", characters: [code] } as const;
    return graph.make(operator, [], sorts.plain("String"), name.at);
  }
  const digits = /^bv([0-9]+)$/.exec(name.text)?.[1];
  if (digits === undefined) return undefined;
  if (digits.length > limits.numeralDigits) {
    throw new ScreenError("numeral", "this bit vector value has too many digits", name.at);
  }
  const width = readIndex(index, limits.bitWidth);
  const value = BigInt(digits);
  if (width === 0 || value >> BigInt(width) !== 0n) {
    throw new ScreenError("index", `${name.text} does not fit in ${width} bits`, name.at);
  }
  return graph.make({ type: "bits", value }, [], sorts.bits(width), name.at);
}
