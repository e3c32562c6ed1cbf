import { valueBits } from "../../language/syntax/fields.ts";
import type { ArithmeticOperator } from "../../language/syntax/syntax.ts";
import type { ArgumentType, ValueType } from "../typed/value-types.ts";

/**
 * Bound on the numbers that an expression can have in any run. Arguments, stored values and the
 * clock are taken to be in the ranges of their types.
 */
export interface ValueWidth {
  /** Most bits of the magnitude. */
  readonly bits: number;
  /** Whether the number is never negative. */
  readonly isNatural: boolean;
  /** Widths of the fields, if the value is a record. */
  readonly fields: readonly ValueWidth[];
}

/** Width of a value that is not a number. */
export const noNumber: ValueWidth = widthOf(1, true);

/** Width of `now` and `sequence`. */
export const clockWidth: ValueWidth = widthOf(valueBits.sequence, true);

/** Width of a stored amount. */
export const amountWidth: ValueWidth = widthOf(valueBits.amount, true);

/** Returns the width of a stored value or an argument. */
export function widthOfType(type: ValueType | ArgumentType): ValueWidth {
  switch (type.kind) {
    case "amount":
      return amountWidth;
    case "int":
      return widthOf(valueBits.int, false);
    case "record":
      return recordWidth(type.fields.map((field) => widthOfType(field.type)));
    default:
      return noNumber;
  }
}

/** Returns the width of a record with fields of these widths. */
export function recordWidth(fields: readonly ValueWidth[]): ValueWidth {
  return { ...noNumber, fields };
}

/** Returns the width of one number. */
export function widthOfNumber(value: bigint): ValueWidth {
  const magnitude = value < 0n ? -value : value;
  return widthOf(magnitude.toString(2).length, value >= 0n);
}

/** Returns the width of a value that is one of two. */
export function either(left: ValueWidth, right: ValueWidth): ValueWidth {
  return {
    bits: Math.max(left.bits, right.bits),
    isNatural: left.isNatural && right.isNatural,
    fields: left.fields.map((field, at) => either(field, right.fields[at] ?? noNumber)),
  };
}

/** Returns the width of the result of an arithmetic operation. */
export function arithmeticWidth(
  operator: ArithmeticOperator,
  left: ValueWidth,
  right: ValueWidth,
): ValueWidth {
  const isNatural = left.isNatural && right.isNatural;
  switch (operator) {
    case "+":
      return widthOf(Math.max(left.bits, right.bits) + 1, isNatural);
    case "-":
      return widthOf(Math.max(left.bits, right.bits) + 1, false);
    case "*":
      return widthOf(left.bits + right.bits, isNatural);
    case "/":
      // The magnitude of a Euclidean quotient is at most that of the dividend.
      return widthOf(left.bits, isNatural);
    case "%":
      return widthOf(right.bits, true);
  }
}

/** Returns the width of `min`, `max` or `abs` of operands with these widths. */
export function callWidth(
  callee: "min" | "max" | "abs",
  operands: readonly ValueWidth[],
): ValueWidth {
  const naturals = operands.filter(({ isNatural }) => isNatural).length;
  const isNatural = callee === "abs" || naturals >= (callee === "min" ? operands.length : 1);
  return widthOf(Math.max(1, ...operands.map(({ bits }) => bits)), isNatural);
}

function widthOf(bits: number, isNatural: boolean): ValueWidth {
  return { bits, isNatural, fields: [] };
}
