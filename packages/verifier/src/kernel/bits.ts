import { and, choose, exclusiveOr, majority, or } from "./gates.ts";
import { refuse } from "./limits.ts";
import { falsehood, type Literal, negate, type Problem, truth } from "./problem.ts";

/**
 * Operators of SMT-LIB's FixedSizeBitVectors as circuits over literals, the least significant bit
 * first. The operands of a circuit have one width, which the sorts say and `bitAt` checks.
 */
export type Bits = readonly Literal[];

/** One gate for each place. */
export function eachBit(
  lists: readonly Bits[],
  width: number,
  gate: (bits: Bits) => Literal,
): Bits {
  return Array.from({ length: width }, (_, at) => gate(lists.map((bits) => bitAt(bits, at))));
}

/** The sum modulo 2^width of two numbers and a carry, and what is carried out of it. */
export function addBits(
  problem: Problem,
  [left, right]: readonly [Bits, Bits],
  carryIn: Literal,
): { readonly sum: Bits; readonly carry: Literal } {
  let carry = carryIn;
  const sum = eachBit([left, right], left.length, ([a = truth, b = truth]) => {
    const bit = exclusiveOr(problem, exclusiveOr(problem, a, b), carry);
    carry = majority(problem, a, b, carry);
    return bit;
  });
  return { sum, carry };
}

/** `left < right`: `left + not right + 1` is `left - right + 2^width`, which then has no carry. */
export function lessBits(problem: Problem, left: Bits, right: Bits): Literal {
  return negate(addBits(problem, [left, right.map(negate)], truth).carry);
}

export function flipSign(bits: Bits): Bits {
  return bits.map((bit, at) => (at === bits.length - 1 ? negate(bit) : bit));
}

/** The sum, modulo 2^width, of `left * 2^i` over the places `i` where `right` has a 1. */
export function multiplyBits(problem: Problem, left: Bits, right: Bits): Bits {
  let product: Bits = left.map(() => falsehood);
  for (const [shift, bit] of right.entries()) {
    const row = left.map((_, at) =>
      at < shift ? falsehood : and(problem, [bit, bitAt(left, at - shift)]),
    );
    product = addBits(problem, [product, row], falsehood).sum;
  }
  return product;
}

/**
 * Long division: from the most significant bit on, the remainder is doubled, takes the next bit and
 * loses the divisor where that fits. It stays below the divisor, so doubled it needs one bit more.
 * A divisor of 0 always fits and takes nothing: the quotient is all ones and the remainder the
 * dividend, as SMT-LIB has it.
 */
export function divideBits(
  problem: Problem,
  left: Bits,
  right: Bits,
): { readonly quotient: Bits; readonly remainder: Bits } {
  const inverted = [...right.map(negate), truth];
  const quotient = [...left];
  let remainder: Bits = left.map(() => falsehood);
  for (let at = left.length - 1; at >= 0; at--) {
    const doubled = [bitAt(left, at), ...remainder];
    const { sum, carry } = addBits(problem, [doubled, inverted], truth);
    quotient[at] = carry;
    remainder = chooseBits(problem, carry, [sum, doubled]).slice(0, left.length);
  }
  return { quotient, remainder };
}

/** The first if the condition is true, else the second. */
export function chooseBits(
  problem: Problem,
  condition: Literal,
  branches: readonly [Bits, Bits],
): Bits {
  return eachBit(branches, branches[0].length, ([then = truth, otherwise = truth]) =>
    choose(problem, condition, then, otherwise),
  );
}

/**
 * Barrel shifter: for each bit `k` of `by` a shift by 2^k or none, where `fill` comes in; all is
 * `fill` if a bit with 2^k >= width is set. Direction 1 is to the right, -1 to the left.
 */
export function shiftBits(
  problem: Problem,
  [bits, by]: readonly [Bits, Bits],
  direction: -1 | 1,
  fill: Literal,
): Bits {
  const stages = by.filter((_, k) => 2 ** k < bits.length);
  let shifted = bits;
  for (const [k, bit] of stages.entries()) {
    const moved = shifted.map((_, at) => shifted[at + direction * 2 ** k] ?? fill);
    shifted = chooseBits(problem, bit, [moved, shifted]);
  }
  const beyond = or(problem, by.slice(stages.length));
  return chooseBits(problem, beyond, [bits.map(() => fill), shifted]);
}

export function constantBits(value: bigint, width: number): Bits {
  const digits = value.toString(2).padStart(width, "0");
  return Array.from(digits, (digit) => (digit === "1" ? truth : falsehood)).reverse();
}

function bitAt(bits: Bits, at: number): Literal {
  return bits[at] ?? refuse("bit vectors of two widths");
}
