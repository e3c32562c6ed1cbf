import type { BitOperator, Term } from "../../term.ts";
import { choose, equal } from "./connectives.ts";

/** Bit vector term of the kernel's term language, with its width. */
export interface Bits {
  readonly term: Term;
  readonly width: number;
}

/** Returns a constant. The value is reduced modulo 2^width. */
export function constantBits(value: bigint, width: number): Bits {
  return { term: { type: "bits", width, value: BigInt.asUintN(width, value) }, width };
}

/** Applies an operation to bit vectors. They must have one width, except for `concatenate`. */
export function operate(operator: BitOperator, ...operands: readonly Bits[]): Bits {
  const width =
    operator === "concatenate"
      ? operands.reduce((sum, operand) => sum + operand.width, 0)
      : (operands[0]?.width ?? 0);
  return { term: { type: "bit-operation", operator, operands: operands.map(termOf) }, width };
}

/** Extracts bits `low` to `high`, both included. */
export function extractBits(high: number, low: number, { term }: Bits): Bits {
  return { term: { type: "extract", high, low, operand: term }, width: high - low + 1 };
}

/** Repeats a vector `times` times. Doubles it, so that few terms are made. */
export function repeatBits(times: number, bits: Bits): Bits {
  let result: Bits | undefined;
  let power = bits;
  for (let rest = times; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1)
      result = result === undefined ? power : operate("concatenate", result, power);
    if (rest > 1) power = operate("concatenate", power, power);
  }
  return result ?? bits;
}

/** Extends an unsigned number by `by` bits. */
export function zeroExtend(by: number, bits: Bits): Bits {
  return by === 0 ? bits : operate("concatenate", constantBits(0n, by), bits);
}

/** Extends a number in two's complement by `by` bits. */
export function signExtend(by: number, bits: Bits): Bits {
  if (by === 0) return bits;
  const sign = extractBits(bits.width - 1, bits.width - 1, bits);
  return operate("concatenate", repeatBits(by, sign), bits);
}

/** Rotates to the left: moves the top bits to the bottom. */
export function rotateLeft(by: number, bits: Bits): Bits {
  const moved = by % bits.width;
  if (moved === 0) return bits;
  const { width } = bits;
  const top = extractBits(width - 1, width - moved, bits);
  return operate("concatenate", extractBits(width - moved - 1, 0, bits), top);
}

/** Negates in two's complement. */
export function negateBits(bits: Bits): Bits {
  return operate("add", operate("complement", bits), constantBits(1n, bits.width));
}

/** Subtracts modulo 2^width. */
export function subtractBits(left: Bits, right: Bits): Bits {
  return operate("add", left, negateBits(right));
}

/** Returns the formula that the sign bit is set. */
export function isNegative(bits: Bits): Term {
  return signedLess(bits, constantBits(0n, bits.width));
}

/** Returns the formula `left < right` for unsigned numbers. */
export function unsignedLess(left: Bits, right: Bits): Term {
  return { type: "compare-bits", operator: "unsigned-less", left: left.term, right: right.term };
}

/** Returns the formula `left < right` for numbers in two's complement. */
export function signedLess(left: Bits, right: Bits): Term {
  return { type: "compare-bits", operator: "signed-less", left: left.term, right: right.term };
}

/** Returns the formula that two vectors of one width are equal. */
export function sameBits(left: Bits, right: Bits): Term {
  return equal(left.term, right.term);
}

/**
 * Returns the term that is `left` if the condition holds, otherwise `right`. Both have one width.
 */
export function chooseBits(condition: Term, left: Bits, right: Bits): Bits {
  return { term: choose(condition, left.term, right.term), width: left.width };
}

/** Returns the absolute value in two's complement. For the least number it is the number itself. */
export function absoluteBits(bits: Bits): Bits {
  return chooseBits(isNegative(bits), negateBits(bits), bits);
}

function termOf({ term }: Bits): Term {
  return term;
}
