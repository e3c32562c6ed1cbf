import type { RandomSource } from "./random-source.ts";

/**
 * Operations of the theories of integers, bit vectors and strings, by the definitions of SMT-LIB:
 * an oracle that shares nothing with any solver.
 */
export interface ExactOperation {
  readonly name: string;
  readonly operands: readonly ExactSort[];
  readonly result: ExactSort;
  /** The term over operands that are written. */
  readonly write: (operands: readonly string[]) => string;
  /** Its value; `undefined` where the theory leaves it open. */
  readonly value: (operands: readonly ExactValue[]) => ExactValue | undefined;
}

export type ExactSort = "Int" | "Bool" | "String" | `BV${number}`;

/** Integers and bit vectors are bigints. */
export type ExactValue = bigint | boolean | string;

/** A literal of the sort. */
export function writeValue(sort: ExactSort, value: ExactValue): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    // Printable characters stand for themselves, and all others are written by their code.
    const text = Array.from(value, (character) =>
      /[ !#-[\]-z|~]/.test(character)
        ? character
        : `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
    );
    return `"${text.join("")}"`;
  }
  const width = widthOf(sort);
  if (width !== undefined) return `#b${value.toString(2).padStart(width, "0")}`;
  return value < 0n ? `(- ${-value})` : String(value);
}

/** A random value, often one of those at which solvers were wrong. */
export function drawValue(sort: ExactSort, random: RandomSource): ExactValue {
  switch (sort) {
    case "Int":
      return random.chance(80)
        ? BigInt(random.below(16) - 5)
        : random.pick([48n, 57n, 97n, 127n, 196_607n, 196_608n, -(2n ** 64n), 10n ** 20n]);
    case "Bool":
      return random.chance(50);
    case "String":
      return Array.from({ length: random.below(6) }, () => random.pick(characters)).join("");
    default: {
      const width = widthOf(sort) ?? 1;
      if (random.chance(30)) {
        const top = 1n << BigInt(width - 1);
        return random.pick([0n, 1n, top, top - 1n, 2n * top - 1n]) % (2n * top);
      }
      return BigInt(random.below(2 ** width));
    }
  }
}

const characters = ["a", "a", "a", "b", "b", "0", "1", "9", "-", "A", "\u{e9}", "\u{1f600}"];

export function widthOf(sort: ExactSort): number | undefined {
  return sort.startsWith("BV") ? Number(sort.slice(2)) : undefined;
}

/** An operation that is written as an application of its name. */
export function operation(
  name: string,
  signature: readonly [readonly ExactSort[], ExactSort],
  value: ExactOperation["value"],
): ExactOperation {
  const [operands, result] = signature;
  return { name, operands, result, value, write: (terms) => `(${name} ${terms.join(" ")})` };
}

/** Quotient and remainder of the theory Ints: the remainder is never negative. */
export function divide(left: bigint, right: bigint): { quotient: bigint; remainder: bigint } {
  const magnitude = right < 0n ? -right : right;
  const remainder = ((left % magnitude) + magnitude) % magnitude;
  return { quotient: (left - remainder) / right, remainder };
}

/** Operations on integers. */
export const integerOperations: readonly ExactOperation[] = [
  operation("div", [["Int", "Int"], "Int"], ([left, right]) =>
    right === 0n ? undefined : divide(left as bigint, right as bigint).quotient,
  ),
  operation("mod", [["Int", "Int"], "Int"], ([left, right]) =>
    right === 0n ? undefined : divide(left as bigint, right as bigint).remainder,
  ),
  operation("abs", [["Int"], "Int"], ([number]) => {
    const integer = number as bigint;
    return integer < 0n ? -integer : integer;
  }),
  operation("*", [["Int", "Int"], "Int"], ([left, right]) => (left as bigint) * (right as bigint)),
  operation("-", [["Int", "Int"], "Int"], ([left, right]) => (left as bigint) - (right as bigint)),
  operation("<", [["Int", "Int"], "Bool"], ([left, right]) => (left as bigint) < (right as bigint)),
];
