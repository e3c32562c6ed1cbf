import { and, choose, exclusiveOr, majority, or } from "./gates.ts";
import { refuse } from "./limits.ts";
import { falsehood, type Literal, negate, type Problem, truth } from "./problem.ts";

/** A bit vector, the least significant bit first. A boolean is one of one bit. */
export type Bits = readonly Literal[];

/** An operator: the sorts say how many operands it has and how wide they are. */
type Circuit = (problem: Problem, operands: readonly Bits[]) => Bits;

/** Operators of booleans and of SMT-LIB's FixedSizeBitVectors, by the operator of the node. */
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

/** One gate for each place; operators without operands are boolean. */
export function eachBit(lists: readonly Bits[], gate: (bits: Bits) => Literal): Bits {
  const bitAt = (bits: Bits, at: number): Literal =>
    bits[at] ?? refuse("bit vectors of two widths");
  return Array.from(lists[0] ?? [truth], (_, at) => gate(lists.map((bits) => bitAt(bits, at))));
}

function chooseBits(problem: Problem, condition: Literal, then: Bits, otherwise: Bits): Bits {
  return eachBit([then, otherwise], ([a = -1, b = -1]) => choose(problem, condition, a, b));
}

/** The sum of two numbers and a carry; its last bit is what is carried out. */
function add(problem: Problem, left: Bits, right: Bits, carryIn: Literal): Bits {
  let carry = carryIn;
  const sum = eachBit([left, right], ([a = -1, b = -1]) => {
    const bit = exclusiveOr(problem, exclusiveOr(problem, a, b), carry);
    carry = majority(problem, a, b, carry);
    return bit;
  });
  return [...sum, carry];
}

/** `left < right`: `left + not right + 1` is `left - right + 2^width`, which then has no carry. */
function less(problem: Problem, left: Bits, right: Bits): Literal {
  return negate(add(problem, left, right.map(negate), truth).at(-1) ?? -1);
}

/** With the signs flipped, two's complements are ordered as naturals. */
function flipSign(bits: Bits): Bits {
  return bits.map((bit, at) => (at === bits.length - 1 ? negate(bit) : bit));
}

/** The sum, modulo 2^width, of `left * 2^i` over the places `i` where `right` has a 1. */
function multiply(problem: Problem, left: Bits, right: Bits): Bits {
  let product: Bits = left.map(() => falsehood);
  for (const [i, bit] of right.entries()) {
    const row = left.map((_, at) => and(problem, [bit, left[at - i] ?? falsehood]));
    product = add(problem, product, row, falsehood).slice(0, -1);
  }
  return product;
}

/**
 * Quotient and remainder by long division: from the most significant bit on, the remainder is
 * doubled, takes the next bit and loses the divisor where that fits. It stays below the divisor, so
 * doubled it needs one bit more. A divisor of 0 always fits and takes nothing: the quotient is all
 * ones and the remainder the dividend, as SMT-LIB has it.
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
 * Barrel shifter: for each bit `k` of `by` a shift by 2^k or none, where `fill` comes in; all is
 * `fill` if a bit with 2^k >= width is set. Direction 1 is to the right, -1 to the left.
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
