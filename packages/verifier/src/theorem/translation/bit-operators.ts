import type { Term } from "../../term.ts";
import {
  absoluteBits,
  type Bits,
  chooseBits,
  constantBits,
  extractBits,
  isNegative,
  negateBits,
  operate,
  repeatBits,
  rotateLeft,
  sameBits,
  signExtend,
  signedLess,
  subtractBits,
  unsignedLess,
  zeroExtend,
} from "./bit-terms.ts";
import { equal, not } from "./connectives.ts";

/** Translation of an operator of FixedSizeBitVectors, by its definition in the standard. */
type BitMeaning = (operands: readonly Bits[], indices: readonly number[]) => Bits;
type TruthMeaning = (left: Bits, right: Bits) => Term;

/** Operators whose result is a bit vector (SMT-LIB 2.6, the theory and logic QF_BV). */
export const bitMeanings: ReadonlyMap<string, BitMeaning> = new Map<string, BitMeaning>([
  ["concat", (operands) => nested("concatenate", operands)],
  ["bvnot", binary((left) => operate("complement", left))],
  ["bvneg", binary((left) => negateBits(left))],
  ["bvand", (operands) => nested("and", operands)],
  ["bvor", (operands) => nested("or", operands)],
  ["bvxor", (operands) => nested("exclusive-or", operands)],
  ["bvadd", (operands) => nested("add", operands)],
  ["bvmul", (operands) => nested("multiply", operands)],
  ["bvnand", binary((left, right) => operate("complement", operate("and", left, right)))],
  ["bvnor", binary((left, right) => operate("complement", operate("or", left, right)))],
  ["bvxnor", binary((left, right) => operate("complement", operate("exclusive-or", left, right)))],
  ["bvsub", binary(subtractBits)],
  ["bvudiv", binary((left, right) => operate("divide", left, right))],
  ["bvurem", binary((left, right) => operate("remainder", left, right))],
  ["bvsdiv", binary(signedDivide)],
  ["bvsrem", binary(signedRemainder)],
  ["bvsmod", binary(signedModulo)],
  ["bvshl", binary((left, right) => operate("shift-left", left, right))],
  ["bvlshr", binary((left, right) => operate("shift-right", left, right))],
  ["bvashr", binary((left, right) => operate("shift-right-arithmetic", left, right))],
  [
    "bvcomp",
    binary((left, right) =>
      chooseBits(sameBits(left, right), constantBits(1n, 1), constantBits(0n, 1)),
    ),
  ],
  ["extract", indexed((bits, [high = 0, low = 0]) => extractBits(high, low, bits))],
  ["repeat", indexed((bits, [times = 1]) => repeatBits(times, bits))],
  ["zero_extend", indexed((bits, [by = 0]) => zeroExtend(by, bits))],
  ["sign_extend", indexed((bits, [by = 0]) => signExtend(by, bits))],
  ["rotate_left", indexed((bits, [by = 0]) => rotateLeft(by, bits))],
  ["rotate_right", indexed((bits, [by = 0]) => rotateLeft(bits.width - (by % bits.width), bits))],
]);

/** Operators whose result is a boolean. The overflow predicates are from SMT-LIB 2.7. */
export const truthMeanings: ReadonlyMap<string, TruthMeaning> = new Map<string, TruthMeaning>([
  ["bvult", unsignedLess],
  ["bvugt", (left, right) => unsignedLess(right, left)],
  ["bvule", (left, right) => not(unsignedLess(right, left))],
  ["bvuge", (left, right) => not(unsignedLess(left, right))],
  ["bvslt", signedLess],
  ["bvsgt", (left, right) => signedLess(right, left)],
  ["bvsle", (left, right) => not(signedLess(right, left))],
  ["bvsge", (left, right) => not(signedLess(left, right))],
  ["bvnego", (bits) => sameBits(bits, least(bits.width))],
  ["bvuaddo", (left, right) => exceeds(1, zeroExtend, [left, right], "add")],
  ["bvsaddo", (left, right) => exceeds(1, signExtend, [left, right], "add")],
  ["bvumulo", (left, right) => exceeds(left.width, zeroExtend, [left, right], "multiply")],
  ["bvsmulo", (left, right) => exceeds(left.width, signExtend, [left, right], "multiply")],
  ["bvusubo", unsignedLess],
  ["bvssubo", signedSubtractionOverflows],
  [
    "bvsdivo",
    (left, right) => ({
      type: "and",
      operands: [
        sameBits(left, least(left.width)),
        sameBits(right, constantBits(-1n, right.width)),
      ],
    }),
  ],
]);

/**
 * Returns a bound on the number of terms that the translation of an operator makes, in addition to
 * one term for each operand.
 */
export function bitNodesOf(name: string): number {
  switch (name) {
    // Repetition by doubling makes two terms for each bit of the index.
    case "repeat":
    case "sign_extend":
      return 40;
    case "bvsdiv":
    case "bvsrem":
    case "bvsmod":
      return 40;
    case "bvsaddo":
    case "bvssubo":
    case "bvsmulo":
    case "bvuaddo":
    case "bvumulo":
      return 130;
    default:
      return 8;
  }
}

function nested(
  operator: "concatenate" | "and" | "or" | "exclusive-or" | "add" | "multiply",
  operands: readonly Bits[],
): Bits {
  const [first, ...rest] = operands;
  if (first === undefined) throw new Error("invariant broken: an operator over nothing");
  return rest.reduce((left, right) => operate(operator, left, right), first);
}

function binary(meaning: (left: Bits, right: Bits) => Bits): BitMeaning {
  return ([left, right = left]) => {
    if (left === undefined || right === undefined) {
      throw new Error("invariant broken: an operator over nothing");
    }
    return meaning(left, right);
  };
}

function indexed(meaning: (bits: Bits, indices: readonly number[]) => Bits): BitMeaning {
  return ([bits], indices) => {
    if (bits === undefined) throw new Error("invariant broken: an operator over nothing");
    return meaning(bits, indices);
  };
}

function signedDivide(left: Bits, right: Bits): Bits {
  const quotient = operate("divide", absoluteBits(left), absoluteBits(right));
  const opposite = not(equal(isNegative(left), isNegative(right)));
  return chooseBits(opposite, negateBits(quotient), quotient);
}

/** Returns the remainder with the sign of the dividend. */
function signedRemainder(left: Bits, right: Bits): Bits {
  const remainder = operate("remainder", absoluteBits(left), absoluteBits(right));
  return chooseBits(isNegative(left), negateBits(remainder), remainder);
}

/** Returns the remainder with the sign of the divisor. */
function signedModulo(left: Bits, right: Bits): Bits {
  const remainder = operate("remainder", absoluteBits(left), absoluteBits(right));
  const zero = constantBits(0n, left.width);
  const signed = chooseBits(isNegative(left), negateBits(remainder), remainder);
  const stays: Term = {
    type: "or",
    operands: [sameBits(remainder, zero), equal(isNegative(left), isNegative(right))],
  };
  return chooseBits(stays, signed, operate("add", signed, right));
}

/**
 * Returns the formula that a result, computed with `by` more bits, does not fit in the operands'
 * width.
 */
function exceeds(
  by: number,
  extend: (by: number, bits: Bits) => Bits,
  operands: readonly [Bits, Bits],
  operator: "add" | "multiply",
): Term {
  const [left, right] = operands;
  const wide = operate(operator, extend(by, left), extend(by, right));
  return not(sameBits(extend(by, extractBits(left.width - 1, 0, wide)), wide));
}

function signedSubtractionOverflows(left: Bits, right: Bits): Term {
  const wide = subtractBits(signExtend(1, left), signExtend(1, right));
  return not(sameBits(signExtend(1, extractBits(left.width - 1, 0, wide)), wide));
}

function least(width: number): Bits {
  return constantBits(1n << BigInt(width - 1), width);
}
