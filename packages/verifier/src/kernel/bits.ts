import { and, choose, exclusiveOr, majority, or } from "./gates.ts";
import { refuse } from "./limits.ts";
import { falsehood, type Literal, negate, type Problem, truth } from "./problem.ts";

/** Bit vector, the least significant bit first. A boolean is a vector of one bit. */
export type Bits = readonly Literal[];

/**
 * Circuit of an operator. The sorts must have been checked: they determine the number and the
 * widths of the operands.
 */
type Circuit = (problem: Problem, operands: readonly Bits[]) => Bits;

/** Circuits by operator, for booleans and SMT-LIB's FixedSizeBitVectors. */
export const circuits: ReadonlyMap<string, Circuit> = new Map<string, Circuit>([
  ["not", (_, [a = []]) => a.map(negate)],
  ["and", (problem, all) => eachBit(all, (bits) => and(problem, bits))],
  ["or", (problem, all) => eachBit(all, (bits) => or(problem, bits))],
  [
    "exclusive-or",
    (problem, all) => eachBit(all, ([a = -1, b = -1]) => exclusiveOr(problem, a, b)),
  ],
  [
    "if",
    (problem, [[condition = -1] = [], a = [], b = []]) => chooseBits(problem, condition, a, b),
  ],
  ["unsigned-less", (problem, [a = [], b = []]) => [less(problem, a, b)]],
  ["signed-less", (problem, [a = [], b = []]) => [less(problem, flipSign(a), flipSign(b))]],
  ["bits-add", (problem, [a = [], b = []]) => add(problem, a, b, falsehood).slice(0, -1)],
  ["bits-multiply", (problem, [a = [], b = []]) => multiply(problem, a, b)],
  ["bits-divide", (problem, [a = [], b = []]) => divide(problem, a, b)[0]],
  ["bits-remainder", (problem, [a = [], b = []]) => divide(problem, a, b)[1]],
  ["shift-left", (problem, [a = [], by = []]) => shift(problem, a, by, -1, falsehood)],
  ["shift-right", (problem, [a = [], by = []]) => shift(problem, a, by, 1, falsehood)],
  [
    "shift-right-arithmetic",
    (problem, [a = [], by = []]) => shift(problem, a, by, 1, a.at(-1) ?? -1),
  ],
  ["concatenate", (_, [a = [], b = []]) => [...b, ...a]],
]);

/** Applies a gate to the bits of all operands at each position. */
export function eachBit(lists: readonly Bits[], gate: (bits: Bits) => Literal): Bits {
  const bitAt = (bits: Bits, at: number): Literal =>
    bits[at] ?? refuse("bit vectors of two widths");
  return Array.from(lists[0] ?? [truth], (_, at) => gate(lists.map((bits) => bitAt(bits, at))));
}

function chooseBits(problem: Problem, condition: Literal, then: Bits, otherwise: Bits): Bits {
  return eachBit([then, otherwise], ([a = -1, b = -1]) => choose(problem, condition, a, b));
}

/** Adds two vectors and a carry. The result has one more bit, the carry out, as its last bit. */
function add(problem: Problem, left: Bits, right: Bits, carryIn: Literal): Bits {
  let carry = carryIn;
  const sum = eachBit([left, right], ([a = -1, b = -1]) => {
    const bit = exclusiveOr(problem, exclusiveOr(problem, a, b), carry);
    carry = majority(problem, a, b, carry);
    return bit;
  });
  return [...sum, carry];
}

/**
 * Returns the literal of `left < right` for unsigned numbers. The sum `left + not right + 1` is
 * `left - right + 2^width`; it has no carry exactly if `left < right`.
 */
function less(problem: Problem, left: Bits, right: Bits): Literal {
  return negate(add(problem, left, right.map(negate), truth).at(-1) ?? -1);
}

/** Flips the sign bit. Numbers in two's complement are then ordered like unsigned numbers. */
function flipSign(bits: Bits): Bits {
  return bits.map((bit, at) => (at === bits.length - 1 ? negate(bit) : bit));
}

/** Multiplies modulo 2^width. Adds `left * 2^i` for each position `i` at which `right` has a 1. */
function multiply(problem: Problem, left: Bits, right: Bits): Bits {
  let product: Bits = left.map(() => falsehood);
  for (const [i, bit] of right.entries()) {
    const row = left.map((_, at) => and(problem, [bit, left[at - i] ?? falsehood]));
    product = add(problem, product, row, falsehood).slice(0, -1);
  }
  return product;
}

/**
 * Returns quotient and remainder by long division. From the most significant bit on, the remainder
 * is doubled and takes the next bit; then the divisor is subtracted if it is not greater. The
 * remainder stays below the divisor, so it needs only one more bit when it is doubled. A divisor of
 * 0 is never greater and subtracts nothing: the quotient is all ones and the remainder is the
 * dividend, as SMT-LIB defines.
 */
function divide(problem: Problem, left: Bits, right: Bits): readonly [Bits, Bits] {
  const inverted = [...right.map(negate), truth];
  const quotient = [...left];
  let remainder: Bits = left.map(() => falsehood);
  for (const at of [...left.keys()].reverse()) {
    const doubled = [left[at] ?? -1, ...remainder];
    const difference = add(problem, doubled, inverted, truth);
    const fits = difference.at(-1) ?? -1;
    quotient[at] = fits;
    remainder = chooseBits(problem, fits, difference.slice(0, -1), doubled).slice(0, -1);
  }
  return [quotient, remainder];
}

/**
 * Shifts with a barrel shifter. For each bit `k` of `by` with 2^k < width, it shifts by 2^k if the
 * bit is set, and fills with `fill`. If a higher bit of `by` is set, the whole result is `fill`.
 * Direction 1 is to the right, -1 to the left.
 */
function shift(problem: Problem, bits: Bits, by: Bits, direction: number, fill: Literal): Bits {
  const stages = by.filter((_, k) => 2 ** k < bits.length);
  let shifted = bits;
  for (const [k, bit] of stages.entries()) {
    const moved = shifted.map((_, at) => shifted[at + direction * 2 ** k] ?? fill);
    shifted = chooseBits(problem, bit, moved, shifted);
  }
  const beyond = or(problem, by.slice(stages.length));
  return chooseBits(
    problem,
    beyond,
    bits.map(() => fill),
    shifted,
  );
}

export function constantBits(value: bigint, width: number): Bits {
  const digits = value.toString(2).padStart(width, "0");
  return Array.from(digits, (digit) => (digit === "1" ? truth : falsehood)).reverse();
}
