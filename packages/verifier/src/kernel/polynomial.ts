import { bound, boundDigits, type Meter, spend } from "./limits.ts";

/**
 * Product of unknowns, as a string of UTF-16 units. Each factor is the unit `unknown + 1`, and the
 * units ascend. So equal products are equal strings. The empty product, 1, is `""` and comes before
 * all others.
 */
export type Monomial = string;

/**
 * Sum of `coefficients[i] * monomials[i]`, divided by `denominator`, which is positive. Monomials
 * ascend strictly, and no coefficient is 0.
 */
export interface Polynomial {
  readonly monomials: readonly Monomial[];
  readonly coefficients: readonly bigint[];
  readonly denominator: bigint;
}

export const zero: Polynomial = { monomials: [], coefficients: [], denominator: 1n };
export const one: Polynomial = constant(1n);
export const minusOne = constant(-1n);

export function constant(numerator: bigint, denominator = 1n): Polynomial {
  return numerator === 0n ? zero : { monomials: [""], coefficients: [numerator], denominator };
}

export function unknownPolynomial(unknown: number): Polynomial {
  return { monomials: [String.fromCharCode(unknown + 1)], coefficients: [1n], denominator: 1n };
}

/** Returns the numerator of a constant polynomial. Undefined if the polynomial is not constant. */
export function constantOf({ monomials, coefficients }: Polynomial): bigint | undefined {
  if (monomials.length > 1 || (monomials[0] ?? "") !== "") return undefined;
  return coefficients[0] ?? 0n;
}

/** Returns the sum of the products of pairs. All other operations on polynomials use it. */
export function sumProducts(
  meter: Meter,
  pairs: readonly (readonly [Polynomial, Polynomial])[],
): Polynomial {
  let common = 1n;
  for (const [left, right] of pairs) {
    const below = left.denominator * right.denominator;
    if (below === 1n) continue;
    common = boundDigits(meter, (common / commonDivisor(meter, [common, below])) * below);
  }
  const sum = new Map<Monomial, bigint>();
  for (const [left, right] of pairs) {
    const factor = common / (left.denominator * right.denominator);
    addProduct(meter, sum, factor, left, right);
  }
  const monomials: Monomial[] = [];
  const sums: bigint[] = [];
  for (const monomial of [...sum.keys()].sort()) {
    const coefficient = sum.get(monomial) ?? 0n;
    if (coefficient === 0n) continue;
    monomials.push(monomial);
    sums.push(coefficient);
  }
  if (common === 1n) return { monomials, coefficients: sums, denominator: 1n };
  const divisor = commonDivisor(meter, [common, ...sums]);
  const coefficients = sums.map((coefficient) => coefficient / divisor);
  return { monomials, coefficients, denominator: common / divisor };
}

export function multiply(meter: Meter, left: Polynomial, right: Polynomial): Polynomial {
  return sumProducts(meter, [[left, right]]);
}

export function subtract(meter: Meter, left: Polynomial, right: Polynomial): Polynomial {
  return sumProducts(meter, [
    [left, one],
    [right, minusOne],
  ]);
}

export function negative({ coefficients, ...polynomial }: Polynomial): Polynomial {
  return { ...polynomial, coefficients: coefficients.map((coefficient) => -coefficient) };
}

/**
 * Adds `factor * left * right` to a partial sum. Ignores denominators, which the caller handles.
 */
function addProduct(
  meter: Meter,
  sum: Map<Monomial, bigint>,
  factor: bigint,
  left: Polynomial,
  right: Polynomial,
): void {
  for (const [i, a] of left.monomials.entries()) {
    const scaled = factor * (left.coefficients[i] ?? 0n);
    spend(meter, 10 + 50 * right.monomials.length);
    for (const [j, b] of right.monomials.entries()) {
      const monomial = a === "" || b === "" ? a + b : multiplyMonomials(meter, a, b);
      const product = scaled * (right.coefficients[j] ?? 0n);
      const before = sum.get(monomial);
      sum.set(monomial, boundDigits(meter, before === undefined ? product : before + product));
    }
    bound(meter, "monomials", sum.size);
  }
}

function multiplyMonomials(meter: Meter, left: Monomial, right: Monomial): Monomial {
  bound(meter, "degree", left.length + right.length);
  // By units: a string's iterator would join two units into one character.
  return (left + right).split("").sort().join("");
}

/**
 * Returns the greatest common divisor (Euclid). It is never negative, and 0 only if all numbers are
 * 0.
 */
export function commonDivisor(meter: Meter, numbers: readonly bigint[]): bigint {
  let divisor = 0n;
  for (const number of numbers) {
    if (divisor === 1n) return divisor;
    let rest = number < 0n ? -number : number;
    while (rest !== 0n) {
      spend(meter, 15);
      [divisor, rest] = [rest, divisor % rest];
    }
  }
  return divisor;
}
