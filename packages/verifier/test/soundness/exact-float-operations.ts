import {
  type Float,
  type FloatFormat,
  type Fraction,
  fractionOf,
  type RoundingMode,
  round,
} from "./exact-float.ts";

/** Circumstances of an operation: its mode, where it has one, and the format of its operands. */
export interface FloatContext {
  readonly mode: RoundingMode;
  readonly format: FloatFormat;
}

const nan: Float = { type: "nan" };
const zero: Fraction = { over: 0n, under: 1n };

const infinity = (negative: boolean): Float => ({ type: "infinity", negative });
const signedZero = (negative: boolean): Float => ({ type: "finite", negative, magnitude: zero });

const isZero = (value: Float): boolean => value.type === "finite" && value.magnitude.over === 0n;

/** The operation's value by the definition of the theory, in exact arithmetic. */
export type FloatOperation = (operands: readonly Float[], context: FloatContext) => Float;

/** Operations of SMT-LIB by name; each takes floats of one format and gives one of that format. */
export const floatOperations: Readonly<Record<string, FloatOperation>> = {
  "fp.add": ([left = nan, right = nan], context) => sum(left, right, context),
  "fp.sub": ([left = nan, right = nan], context) => sum(left, negated(right), context),
  "fp.mul": ([left = nan, right = nan], context) => product(left, right, context),
  "fp.div": ([left = nan, right = nan], context) => quotient(left, right, context),
  "fp.fma": ([left = nan, right = nan, addend = nan], context) =>
    fused(left, right, addend, context),
  "fp.sqrt": ([value = nan], context) => squareRoot(value, context),
  "fp.rem": ([left = nan, right = nan], context) => remainder(left, right, context),
  "fp.roundToIntegral": ([value = nan], context) => integral(value, context),
  "fp.abs": ([value = nan]) => (value.type === "nan" ? nan : { ...value, negative: false }),
  "fp.neg": ([value = nan]) => negated(value),
};

function negated(value: Float): Float {
  return value.type === "nan" ? nan : { ...value, negative: !value.negative };
}

function sum(left: Float, right: Float, { mode, format }: FloatContext): Float {
  if (left.type === "nan" || right.type === "nan") return nan;
  if (left.type === "infinity") {
    return right.type === "infinity" && right.negative !== left.negative ? nan : left;
  }
  if (right.type === "infinity") return right;
  return rounded(add(exact(left), exact(right)), mode, format, sumSign(left, right, mode));
}

/** Sign of a sum that is exactly zero. */
function sumSign(
  left: { readonly negative: boolean },
  right: { readonly negative: boolean },
  mode: RoundingMode,
): boolean {
  return left.negative === right.negative ? left.negative : mode === "RTN";
}

function product(left: Float, right: Float, { mode, format }: FloatContext): Float {
  if (left.type === "nan" || right.type === "nan") return nan;
  const negative = left.negative !== right.negative;
  if (left.type === "infinity" || right.type === "infinity") {
    return isZero(left) || isZero(right) ? nan : infinity(negative);
  }
  return rounded(multiply(exact(left), exact(right)), mode, format, negative);
}

function quotient(left: Float, right: Float, { mode, format }: FloatContext): Float {
  if (left.type === "nan" || right.type === "nan") return nan;
  const negative = left.negative !== right.negative;
  if (left.type === "infinity") return right.type === "infinity" ? nan : infinity(negative);
  if (right.type === "infinity") return signedZero(negative);
  if (isZero(right)) return isZero(left) ? nan : infinity(negative);
  return rounded(over(exact(left), exact(right)), mode, format, negative);
}

function fused(left: Float, right: Float, addend: Float, { mode, format }: FloatContext): Float {
  if (left.type === "nan" || right.type === "nan" || addend.type === "nan") return nan;
  const negative = left.negative !== right.negative;
  if (left.type === "infinity" || right.type === "infinity") {
    if (isZero(left) || isZero(right)) return nan;
    return addend.type === "infinity" && addend.negative !== negative ? nan : infinity(negative);
  }
  if (addend.type === "infinity") return addend;
  const total = add(multiply(exact(left), exact(right)), exact(addend));
  return rounded(total, mode, format, sumSign({ negative }, addend, mode));
}

function squareRoot(value: Float, { mode, format }: FloatContext): Float {
  if (value.type === "nan" || isZero(value)) return value;
  if (value.negative) return nan;
  if (value.type === "infinity") return value;
  const { over: top, under } = value.magnitude;
  // Twice as many bits as the format has, and one more that says whether there is a rest.
  const shift = 2n * BigInt(format.significandBits + 2 ** (format.exponentBits - 1) + 4);
  const square = ((top * under) << (2n * shift)) / 1n;
  const root = integerRoot(square);
  const sticky = root * root === square ? 0n : 1n;
  return round({ over: root * 2n + sticky, under: under << (shift + 1n) }, mode, format);
}

function integerRoot(square: bigint): bigint {
  let low = 0n;
  let high = 1n << BigInt((square.toString(2).length / 2 + 1) >>> 0);
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle * middle <= square) low = middle;
    else high = middle - 1n;
  }
  return low;
}

/** x - y * n, where n is the integer nearest to x / y, the even one of two. */
function remainder(left: Float, right: Float, { format }: FloatContext): Float {
  if (left.type === "nan" || right.type === "nan") return nan;
  if (left.type === "infinity" || isZero(right)) return nan;
  if (right.type === "infinity") return left;
  const ratio = over(exact(left), exact(right));
  const times = nearest(ratio, "RNE");
  const rest = add(exact(left), multiply(exact(right), { over: -times, under: 1n }));
  return rounded(rest, "RNE", format, left.negative);
}

function integral(value: Float, { mode, format }: FloatContext): Float {
  if (value.type !== "finite") return value;
  const whole = { over: nearest(exact(value), mode), under: 1n };
  return rounded(whole, mode, format, value.negative);
}

/** The integer that a fraction rounds to. */
export function nearest(value: Fraction, mode: RoundingMode): bigint {
  const { over: top, under } = value;
  const floor = top < 0n ? -((-top + under - 1n) / under) : top / under;
  const twice = 2n * (top - floor * under);
  if (twice === 0n) return floor;
  switch (mode) {
    case "RTN":
      return floor;
    case "RTP":
      return floor + 1n;
    case "RTZ":
      return top < 0n ? floor + 1n : floor;
    case "RNA":
      return twice > under || (twice === under && top >= 0n) ? floor + 1n : floor;
    default:
      if (twice === under) return floor % 2n === 0n ? floor : floor + 1n;
      return twice > under ? floor + 1n : floor;
  }
}

function rounded(
  value: Fraction,
  mode: RoundingMode,
  format: FloatFormat,
  zeroNegative: boolean,
): Float {
  return round(value, mode, format, zeroNegative);
}

function exact(value: Float): Fraction {
  return fractionOf(value) ?? zero;
}

function add(left: Fraction, right: Fraction): Fraction {
  return {
    over: left.over * right.under + right.over * left.under,
    under: left.under * right.under,
  };
}

function multiply(left: Fraction, right: Fraction): Fraction {
  return { over: left.over * right.over, under: left.under * right.under };
}

function over(left: Fraction, right: Fraction): Fraction {
  const top = left.over * right.under;
  const under = left.under * right.over;
  return under < 0n ? { over: -top, under: -under } : { over: top, under };
}
