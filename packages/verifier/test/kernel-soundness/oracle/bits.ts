import type { BitOperator } from "../../../src/term.ts";
import type { BitsValue } from "./value.ts";

/** A number in two's complement. */
export function signedOf({ width, value }: BitsValue): bigint {
  return BigInt.asIntN(width, value);
}

/** SMT-LIB's FixedSizeBitVectors, by numbers and not by bits. */
export function bitOperation(
  operator: BitOperator,
  [left, right]: readonly BitsValue[],
): BitsValue {
  if (left === undefined) throw new Error("an operand is missing");
  const result = (value: bigint, width = left.width): BitsValue => ({
    type: "bits",
    width,
    value: BigInt.asUintN(width, value),
  });
  if (operator === "complement") return result(-1n - left.value);
  if (right === undefined) throw new Error("an operand is missing");
  if (operator === "concatenate") {
    const wide = left.value * 2n ** BigInt(right.width) + right.value;
    return result(wide, left.width + right.width);
  }
  if (left.width !== right.width) throw new Error("ill-sorted: two widths");
  const [a, b] = [left.value, right.value];
  const beyond = b >= BigInt(left.width);
  switch (operator) {
    case "and":
      return result(a & b);
    case "or":
      return result(a | b);
    case "exclusive-or":
      return result(a ^ b);
    case "add":
      return result(a + b);
    case "multiply":
      return result(a * b);
    case "divide":
      return result(b === 0n ? -1n : a / b);
    case "remainder":
      return result(b === 0n ? a : a % b);
    case "shift-left":
      return result(beyond ? 0n : a << b);
    case "shift-right":
      return result(beyond ? 0n : a >> b);
    case "shift-right-arithmetic": {
      const signed = signedOf(left);
      return result(beyond ? (signed < 0n ? -1n : 0n) : signed >> b);
    }
  }
}
