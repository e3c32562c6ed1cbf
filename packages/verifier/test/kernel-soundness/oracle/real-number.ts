/**
 * A real number (a + b √2) / d, with d positive and no common factor.
 *
 * Rationals alone would be blind to what holds of them and not of the reals: x x ≠ 2.
 */
export interface RealNumber {
  readonly type: "real";
  readonly a: bigint;
  readonly b: bigint;
  readonly d: bigint;
}

export function realNumber(a: bigint, b = 0n, d = 1n): RealNumber {
  if (d === 0n) throw new Error("a denominator of zero");
  const common = divisor(divisor(a, b), d) * (d < 0n ? -1n : 1n);
  return { type: "real", a: a / common, b: b / common, d: d / common };
}

export function addReals(x: RealNumber, y: RealNumber): RealNumber {
  return realNumber(x.a * y.d + y.a * x.d, x.b * y.d + y.b * x.d, x.d * y.d);
}

export function negateReal(x: RealNumber): RealNumber {
  return realNumber(-x.a, -x.b, x.d);
}

export function multiplyReals(x: RealNumber, y: RealNumber): RealNumber {
  return realNumber(x.a * y.a + 2n * x.b * y.b, x.a * y.b + x.b * y.a, x.d * y.d);
}

/** 1 / x of an x that is not 0: the conjugate over the norm, which √2 being irrational keeps from 0. */
export function invertReal(x: RealNumber): RealNumber {
  return realNumber(x.a * x.d, -x.b * x.d, x.a * x.a - 2n * x.b * x.b);
}

/** -1, 0 or 1. */
export function signOfReal({ a, b }: RealNumber): number {
  const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);
  if (sign(a) * sign(b) >= 0) return sign(a + b);
  // Opposite signs: the larger of a² and 2 b² decides.
  return sign(a) * sign(a * a - 2n * b * b);
}

/** The greatest integer that is at most x. */
export function floorOfReal(x: RealNumber): bigint {
  const atMost = (value: bigint): boolean => signOfReal(addReals(x, realNumber(-value))) >= 0;
  let low = -1n;
  while (!atMost(low)) low *= 2n;
  let high = 1n;
  while (atMost(high)) high *= 2n;
  while (high - low > 1n) {
    const middle = (high + low) / 2n;
    if (atMost(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function divisor(x: bigint, y: bigint): bigint {
  let [a, b] = [x < 0n ? -x : x, y < 0n ? -y : y];
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
