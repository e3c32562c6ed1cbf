/** A bit vector operator's value on numbers below 2^width, by the standard's definitions. */
export type BitMeaning = (left: number, right: number, width: number) => number | boolean;

const size = (width: number): number => 2 ** width;
const wrap = (value: number, width: number): number =>
  ((value % size(width)) + size(width)) % size(width);
const signed = (value: number, width: number): number =>
  value >= size(width - 1) ? value - size(width) : value;
const fits = (value: number, width: number): boolean =>
  value >= -size(width - 1) && value < size(width - 1);

/** Division that rounds towards zero, and its remainder. */
const quotient = (left: number, right: number): number => Math.trunc(left / right);

/** SMT-LIB 2.6 theory FixedSizeBitVectors and logic QF_BV; 2.7 for the overflow predicates. */
export const bitMeanings: ReadonlyMap<string, BitMeaning> = new Map<string, BitMeaning>([
  ["bvand", (a, b) => a & b],
  ["bvor", (a, b) => a | b],
  ["bvxor", (a, b) => a ^ b],
  ["bvnand", (a, b, w) => wrap(~(a & b), w)],
  ["bvnor", (a, b, w) => wrap(~(a | b), w)],
  ["bvxnor", (a, b, w) => wrap(~(a ^ b), w)],
  ["bvadd", (a, b, w) => wrap(a + b, w)],
  ["bvsub", (a, b, w) => wrap(a - b, w)],
  ["bvmul", (a, b, w) => wrap(a * b, w)],
  ["bvudiv", (a, b, w) => (b === 0 ? size(w) - 1 : Math.floor(a / b))],
  ["bvurem", (a, b) => (b === 0 ? a : a % b)],
  [
    "bvsdiv",
    (a, b, w) => {
      const [x, y] = [signed(a, w), signed(b, w)];
      if (y === 0) return wrap(x < 0 ? 1 : -1, w);
      return wrap(quotient(x, y), w);
    },
  ],
  [
    "bvsrem",
    (a, b, w) => {
      const [x, y] = [signed(a, w), signed(b, w)];
      return y === 0 ? a : wrap(x - y * quotient(x, y), w);
    },
  ],
  [
    "bvsmod",
    (a, b, w) => {
      const [x, y] = [signed(a, w), signed(b, w)];
      return y === 0 ? a : wrap(x - y * Math.floor(x / y), w);
    },
  ],
  ["bvshl", (a, b, w) => (b >= w ? 0 : wrap(a * 2 ** b, w))],
  ["bvlshr", (a, b, w) => (b >= w ? 0 : Math.floor(a / 2 ** b))],
  ["bvashr", (a, b, w) => wrap(Math.floor(signed(a, w) / 2 ** Math.min(b, w)), w)],
  ["bvult", (a, b) => a < b],
  ["bvule", (a, b) => a <= b],
  ["bvugt", (a, b) => a > b],
  ["bvuge", (a, b) => a >= b],
  ["bvslt", (a, b, w) => signed(a, w) < signed(b, w)],
  ["bvsle", (a, b, w) => signed(a, w) <= signed(b, w)],
  ["bvsgt", (a, b, w) => signed(a, w) > signed(b, w)],
  ["bvsge", (a, b, w) => signed(a, w) >= signed(b, w)],
  ["bvuaddo", (a, b, w) => a + b >= size(w)],
  ["bvsaddo", (a, b, w) => !fits(signed(a, w) + signed(b, w), w)],
  ["bvumulo", (a, b, w) => a * b >= size(w)],
  ["bvsmulo", (a, b, w) => !fits(signed(a, w) * signed(b, w), w)],
  ["bvusubo", (a, b) => a < b],
  ["bvssubo", (a, b, w) => !fits(signed(a, w) - signed(b, w), w)],
  ["bvsdivo", (a, b, w) => signed(a, w) === -size(w - 1) && signed(b, w) === -1],
]);
