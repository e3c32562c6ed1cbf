import { and, choose, exclusiveOr, majority, or, same } from "./gates.ts";
import { spend } from "./limits.ts";
import { falsehood, type Literal, negate, type Problem, truth } from "./problem.ts";

/**
 * Operators of SMT-LIB's FixedSizeBitVectors as circuits: lists of literals, the least significant
 * bit first. Operands of one circuit have one width, as the sorts say.
 */
export type Bits = readonly Literal[];

/** The sum and what is carried out of its most significant bit. */
function addWithCarry(
  problem: Problem,
  [left, right]: readonly [Bits, Bits],
  carryIn: Literal,
): { readonly sum: Bits; readonly carry: Literal } {
  spend(problem.meter, 8 * left.length);
  let carry = carryIn;
  const sum = left.map((a, at) => {
    const b = bitAt(right, at);
    const bit = exclusiveOr(problem, exclusiveOr(problem, a, b), carry);
    carry = majority(problem, [a, b, carry]);
    return bit;
  });
  return { sum, carry };
}

/** `left + right` modulo 2^width. */
export function addBits(problem: Problem, left: Bits, right: Bits): Bits {
  return addWithCarry(problem, [left, right], falsehood).sum;
}

/** `left < right` as naturals: `left + not right + 1` is `left - right + 2^width`, no carry if less. */
export function lessBits(problem: Problem, left: Bits, right: Bits): Literal {
  return negate(addWithCarry(problem, [left, right.map(negate)], truth).carry);
}

/** `left < right` as two's complements: with the sign bits flipped they order as naturals. */
export function lessSigned(problem: Problem, left: Bits, right: Bits): Literal {
  const flip = (bits: Bits): Bits =>
    bits.map((bit, at) => (at === bits.length - 1 ? negate(bit) : bit));
  return lessBits(problem, flip(left), flip(right));
}

/** `left * right` modulo 2^width: the sum of `left * 2^i` over the bits `i` that `right` has. */
export function multiplyBits(problem: Problem, left: Bits, right: Bits): Bits {
  let product: Bits = left.map(() => falsehood);
  for (const [shift, bit] of right.entries()) {
    const row = left.map((_, at) =>
      at < shift ? falsehood : and(problem, [bit, bitAt(left, at - shift)]),
    );
    product = addBits(problem, product, row);
  }
  return product;
}

/**
 * Quotient and remainder of naturals, by long division: from the most significant bit on, the
 * remainder is doubled, takes the next bit, and loses the divisor where that fits. The remainder
 * stays below the divisor, so doubled it needs one bit more. A divisor of 0 always fits and takes
 * nothing: the quotient is all ones and the remainder the dividend, as SMT-LIB defines them.
 */
export function divideBits(
  problem: Problem,
  left: Bits,
  right: Bits,
): { readonly quotient: Bits; readonly remainder: Bits } {
  const divisor = [...right, falsehood];
  const inverted = divisor.map(negate);
  const quotient: Literal[] = left.map(() => falsehood);
  let remainder: Bits = left.map(() => falsehood);
  for (let at = left.length - 1; at >= 0; at--) {
    const doubled = [bitAt(left, at), ...remainder];
    const { sum, carry } = addWithCarry(problem, [doubled, inverted], truth);
    quotient[at] = carry;
    const next = chooseBits(problem, carry, [sum, doubled]);
    remainder = next.slice(0, left.length);
  }
  return { quotient, remainder };
}

/** `then` if `condition`, else `otherwise`, bit by bit. */
export function chooseBits(
  problem: Problem,
  condition: Literal,
  [then, otherwise]: readonly [Bits, Bits],
): Bits {
  spend(problem.meter, then.length);
  return then.map((bit, at) => choose(problem, condition, [bit, bitAt(otherwise, at)]));
}

/**
 * A barrel shifter: for each bit `k` of `by`, a shift by `2^k` or none. What comes from outside of
 * the operand is `fill`; and all is `fill` if one of the bits with `2^k >= width` is set.
 */
export function shiftBits(
  problem: Problem,
  [bits, by]: readonly [Bits, Bits],
  { direction, fill }: { readonly direction: "left" | "right"; readonly fill: Literal },
): Bits {
  let shifted = bits;
  let beyond = falsehood;
  for (const [k, bit] of by.entries()) {
    const distance = 2 ** k;
    if (distance >= bits.length) {
      beyond = or(problem, [beyond, bit]);
      continue;
    }
    const previous = shifted;
    const moved = previous.map((_, at) => {
      const from = direction === "left" ? at - distance : at + distance;
      return previous[from] ?? fill;
    });
    shifted = chooseBits(problem, bit, [moved, previous]);
  }
  return shifted.map((bit) => choose(problem, beyond, [fill, bit]));
}

/** Whether two bit vectors are equal. */
export function sameBits(problem: Problem, left: Bits, right: Bits): Literal {
  return and(
    problem,
    left.map((bit, at) => same(problem, bit, bitAt(right, at))),
  );
}

/** One operator on each pair of bits. */
export function eachBit(
  problem: Problem,
  operator: "and" | "or" | "exclusive-or",
  [left, right]: readonly [Bits, Bits],
): Bits {
  return left.map((a, at) => {
    const b = bitAt(right, at);
    if (operator === "and") return and(problem, [a, b]);
    return operator === "or" ? or(problem, [a, b]) : exclusiveOr(problem, a, b);
  });
}

/** A constant. */
export function constantBits(value: bigint, width: number): Bits {
  return Array.from({ length: width }, (_, at) =>
    ((value >> BigInt(at)) & 1n) === 1n ? truth : falsehood,
  );
}

function bitAt(bits: Bits, at: number): Literal {
  const bit = bits[at];
  // Never a guess: a missing bit is a fault of the kernel.
  if (bit === undefined) throw new Error("invariant broken: bit vectors of two widths");
  return bit;
}
