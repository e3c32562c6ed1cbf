/**
 * Binary floating-point arithmetic with exact rationals: an oracle for small formats that shares
 * nothing with any solver. Written after the SMT-LIB theory FloatingPoint (its paper: Brain,
 * Tinelli, Ruemmer, Wahl, "An automatable formal semantics for IEEE-754", 2015), of which each
 * operation is: compute in the reals, then round once.
 */

/** A format: bits of the exponent, and of the significand with its hidden bit. */
export interface FloatFormat {
  readonly exponentBits: number;
  readonly significandBits: number;
}

/** Rounding modes of IEEE 754, by their short names in SMT-LIB. */
export type RoundingMode = "RNE" | "RNA" | "RTP" | "RTN" | "RTZ";

/** A fraction with a positive denominator, not reduced. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** A value of a format; zeros have signs, and there is one NaN. */
export type Float =
  | { readonly type: "nan" }
  | { readonly type: "infinity"; readonly negative: boolean }
  | { readonly type: "finite"; readonly negative: boolean; readonly magnitude: Fraction };

export const roundingModes: readonly RoundingMode[] = ["RNE", "RNA", "RTP", "RTN", "RTZ"];

const nan: Float = { type: "nan" };
const zero: Fraction = { over: 0n, under: 1n };

const infinity = (negative: boolean): Float => ({ type: "infinity", negative });
const signedZero = (negative: boolean): Float => ({ type: "finite", negative, magnitude: zero });

/** Value of the format's bit pattern (sign, exponent, fraction). */
export function floatOfBits(bits: bigint, format: FloatFormat): Float {
  const { exponentBits, significandBits } = format;
  const fractionBits = BigInt(significandBits - 1);
  const fraction = bits & ((1n << fractionBits) - 1n);
  const exponentMax = (1n << BigInt(exponentBits)) - 1n;
  const exponent = (bits >> fractionBits) & exponentMax;
  const negative = bits >> (fractionBits + BigInt(exponentBits)) === 1n;
  if (exponent === exponentMax) return fraction === 0n ? infinity(negative) : nan;
  const significand = exponent === 0n ? fraction : fraction | (1n << fractionBits);
  const scale = (exponent === 0n ? 1n : exponent) - biasOf(format) - fractionBits;
  return { type: "finite", negative, magnitude: scaled(significand, scale) };
}

/** A literal of the value, as SMT-LIB writes it. */
export function floatLiteral(value: Float, format: FloatFormat): string {
  const { exponentBits, significandBits } = format;
  const size = `${exponentBits} ${significandBits}`;
  if (value.type === "nan") return `(_ NaN ${size})`;
  if (value.type === "infinity") return `(_ ${value.negative ? "-" : "+"}oo ${size})`;
  const fractionBits = significandBits - 1;
  const { significand, exponent } = decompose(value.magnitude, format);
  const hidden = 1n << BigInt(fractionBits);
  const normal = significand >= hidden;
  const biased = normal ? exponent + biasOf(format) + BigInt(fractionBits) : 0n;
  const field = (bits: bigint, width: number): string =>
    `#b${bits.toString(2).padStart(width, "0")}`;
  const fraction = field(normal ? significand - hidden : significand, fractionBits);
  return `(fp ${value.negative ? "#b1" : "#b0"} ${field(biased, exponentBits)} ${fraction})`;
}

/** The value as a fraction with its sign; `undefined` when it is not finite. */
export function fractionOf(value: Float): Fraction | undefined {
  if (value.type !== "finite") return undefined;
  const { over, under } = value.magnitude;
  return { over: value.negative ? -over : over, under };
}

/** Whether two values are one: `=` of SMT-LIB, not `fp.eq`. */
export function sameFloat(left: Float, right: Float): boolean {
  if (left.type === "nan" || right.type === "nan") return left.type === right.type;
  if (left.negative !== right.negative || left.type !== right.type) return false;
  if (left.type === "infinity" || right.type === "infinity") return true;
  return (
    left.magnitude.over * right.magnitude.under === right.magnitude.over * left.magnitude.under
  );
}

/** Rounds an exact result to the format; an exact zero gets the sign `zeroNegative`. */
export function round(
  exact: Fraction,
  mode: RoundingMode,
  format: FloatFormat,
  zeroNegative = false,
): Float {
  if (exact.over === 0n) return signedZero(zeroNegative);
  const negative = exact.over < 0n;
  const magnitude = { over: negative ? -exact.over : exact.over, under: exact.under };
  const { significand, exponent, rest } = decompose(magnitude, format);
  const up = roundsAway(significand, rest, mode, negative) ? significand + 1n : significand;
  const rounded = scaled(up, exponent);
  const largest = scaled(
    (1n << BigInt(format.significandBits)) - 1n,
    biasOf(format) - BigInt(format.significandBits - 1),
  );
  if (compare(rounded, largest) <= 0) return { type: "finite", negative, magnitude: rounded };
  const toLargest = mode === "RTZ" || mode === (negative ? "RTP" : "RTN");
  return toLargest ? { type: "finite", negative, magnitude: largest } : infinity(negative);
}

function roundsAway(
  significand: bigint,
  rest: { readonly sign: number; readonly exact: boolean },
  mode: RoundingMode,
  negative: boolean,
): boolean {
  if (rest.exact) return false;
  switch (mode) {
    case "RTZ":
      return false;
    case "RTP":
      return !negative;
    case "RTN":
      return negative;
    case "RNA":
      return rest.sign >= 0;
    default:
      return rest.sign > 0 || (rest.sign === 0 && significand % 2n === 1n);
  }
}

/** Integer significand and exponent below a magnitude, and how the rest compares to one half. */
function decompose(
  magnitude: Fraction,
  format: FloatFormat,
): {
  readonly significand: bigint;
  readonly exponent: bigint;
  readonly rest: { readonly sign: number; readonly exact: boolean };
} {
  const fractionBits = BigInt(format.significandBits - 1);
  const least = 1n - biasOf(format) - fractionBits;
  // A first guess from the lengths is at most one too large.
  let exponent =
    BigInt(magnitude.over.toString(2).length - magnitude.under.toString(2).length) - fractionBits;
  if (exponent < least) exponent = least;
  let parts = divide(magnitude, exponent);
  if (parts.quotient < 1n << fractionBits && exponent > least) {
    exponent--;
    parts = divide(magnitude, exponent);
  }
  const twice = parts.remainder * 2n;
  const sign = twice === parts.divisor ? 0 : twice > parts.divisor ? 1 : -1;
  const rest = { sign, exact: parts.remainder === 0n };
  return { significand: parts.quotient, exponent, rest };
}

function divide(
  magnitude: Fraction,
  exponent: bigint,
): { readonly quotient: bigint; readonly remainder: bigint; readonly divisor: bigint } {
  const over = exponent < 0n ? magnitude.over << -exponent : magnitude.over;
  const divisor = exponent < 0n ? magnitude.under : magnitude.under << exponent;
  return { quotient: over / divisor, remainder: over % divisor, divisor };
}

function scaled(integer: bigint, exponent: bigint): Fraction {
  return exponent < 0n
    ? { over: integer, under: 1n << -exponent }
    : { over: integer << exponent, under: 1n };
}

function compare(left: Fraction, right: Fraction): number {
  const difference = left.over * right.under - right.over * left.under;
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function biasOf(format: FloatFormat): bigint {
  return (1n << BigInt(format.exponentBits - 1)) - 1n;
}
