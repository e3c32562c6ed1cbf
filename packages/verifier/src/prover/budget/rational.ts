/**
 * Exact rational. An integer that a double holds exactly is a `number`. Every other value is a
 * reduced fraction of two bigints with a positive denominator. So each value has exactly one
 * representation.
 */
export type Rational = number | Fraction;

/** Rational that is not a safe integer. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const safe = BigInt(Number.MAX_SAFE_INTEGER);

/** Returns the unique representation of an integer. */
export function fromInteger(value: bigint): Rational {
  return value <= safe && value >= -safe ? Number(value) : { numerator: value, denominator: 1n };
}

/** Returns the unique representation of a quotient. `denominator` must not be 0. */
export function fromQuotient(numerator: bigint, denominator: bigint): Rational {
  if (denominator === 1n) return fromInteger(numerator);
  if (numerator === 0n) return 0;
  let [above, below] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
  const divisor = greatestCommonDivisor(above, below);
  if (divisor !== 1n) {
    above /= divisor;
    below /= divisor;
  }
  return below === 1n ? fromInteger(above) : { numerator: above, denominator: below };
}

export function numeratorOf(value: Rational): bigint {
  return typeof value === "number" ? BigInt(value) : value.numerator;
}

export function denominatorOf(value: Rational): bigint {
  return typeof value === "number" ? 1n : value.denominator;
}

export function addRational(left: Rational, right: Rational): Rational {
  if (typeof left === "number" && typeof right === "number") {
    const sum = left + right;
    if (sum <= Number.MAX_SAFE_INTEGER && sum >= -Number.MAX_SAFE_INTEGER) return sum;
    return fromInteger(BigInt(left) + BigInt(right));
  }
  if (left === 0) return right;
  if (right === 0) return left;
  const [a, b] = [numeratorOf(left), denominatorOf(left)];
  const [c, d] = [numeratorOf(right), denominatorOf(right)];
  if (b === 1n && d === 1n) return fromInteger(a + c);
  return b === d ? fromQuotient(a + c, b) : fromQuotient(a * d + c * b, b * d);
}

export function subtractRational(left: Rational, right: Rational): Rational {
  return addRational(left, negateRational(right));
}

export function multiplyRational(left: Rational, right: Rational): Rational {
  if (typeof left === "number" && typeof right === "number") {
    const product = left * right;
    // Adding 0 turns the double's -0 into 0.
    if (product <= Number.MAX_SAFE_INTEGER && product >= -Number.MAX_SAFE_INTEGER) {
      return product + 0;
    }
    return fromInteger(BigInt(left) * BigInt(right));
  }
  if (left === 0 || right === 0) return 0;
  if (left === 1) return right;
  if (right === 1) return left;
  const [a, b] = [numeratorOf(left), denominatorOf(left)];
  const [c, d] = [numeratorOf(right), denominatorOf(right)];
  return b === 1n && d === 1n ? fromInteger(a * c) : fromQuotient(a * c, b * d);
}

/** Returns left / right. `right` must not be 0. */
export function divideRational(left: Rational, right: Rational): Rational {
  if (right === 1) return left;
  if (right === -1) return negateRational(left);
  if (typeof left === "number" && typeof right === "number" && left % right === 0) {
    return left / right + 0;
  }
  return fromQuotient(
    numeratorOf(left) * denominatorOf(right),
    denominatorOf(left) * numeratorOf(right),
  );
}

export function negateRational(value: Rational): Rational {
  if (typeof value === "number") return 0 - value;
  return { numerator: -value.numerator, denominator: value.denominator };
}

/** Returns the sign of a value: -1, 0 or 1. */
export function signOf(value: Rational): number {
  if (typeof value === "number") return Math.sign(value);
  return value.numerator > 0n ? 1 : -1;
}

/** Returns the sign of left - right. */
export function compareRational(left: Rational, right: Rational): number {
  if (typeof left === "number" && typeof right === "number") {
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const above = numeratorOf(left) * denominatorOf(right);
  const below = numeratorOf(right) * denominatorOf(left);
  return above < below ? -1 : above > below ? 1 : 0;
}

export function equalRational(left: Rational, right: Rational): boolean {
  if (typeof left === "number" || typeof right === "number") return left === right;
  return left.numerator === right.numerator && left.denominator === right.denominator;
}

export function isInteger(value: Rational): boolean {
  return typeof value === "number" || value.denominator === 1n;
}

/** Returns the greatest integer that is not above the value. */
export function floorRational(value: Rational): bigint {
  if (typeof value === "number") return BigInt(value);
  const quotient = value.numerator / value.denominator;
  const isExact = quotient * value.denominator === value.numerator;
  return isExact || value.numerator > 0n ? quotient : quotient - 1n;
}

/** Returns the greatest common divisor of two integers. It is never negative. */
export function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b !== 0n) {
    if (a <= safe && b <= safe) return BigInt(commonDivisorOfNumbers(Number(a), Number(b)));
    [a, b] = [b, a % b];
  }
  return a;
}

function commonDivisorOfNumbers(left: number, right: number): number {
  let [a, b] = [left, right];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
