import { bound, boundDigits, type Meter, spend } from "./limits.ts";

/**
 * A product of unknowns: a UTF-16 unit, `unknown + 1`, for each factor, in ascending order. Equal
 * products are equal strings; the empty product, 1, is `""` and comes before all others.
 */
export type Monomial = string;

/**
 * The sum of `coefficients[i] * monomials[i]`, divided by `denominator`, which is positive.
 * Monomials ascend strictly, so that none occurs twice, and no coefficient is 0.
 */
export interface Polynomial {
  readonly monomials: readonly Monomial[];
  readonly coefficients: readonly bigint[];
  readonly denominator: bigint;
}

/** A sum in the making, in any order, where a coefficient may be 0. */
export type Sum = Map<Monomial, bigint>;

export const zero: Polynomial = { monomials: [], coefficients: [], denominator: 1n };
export const one: Polynomial = constant(1n);

export function constant(numerator: bigint, denominator = 1n): Polynomial {
  return numerator === 0n ? zero : { monomials: [""], coefficients: [numerator], denominator };
}

export function unknownPolynomial(unknown: number): Polynomial {
  return { monomials: [String.fromCharCode(unknown + 1)], coefficients: [1n], denominator: 1n };
}

/** The numerator of a polynomial that is a number. */
export function constantOf({ monomials, coefficients }: Polynomial): bigint | undefined {
  if (monomials.length > 1 || (monomials[0] ?? "") !== "") return undefined;
  return coefficients[0] ?? 0n;
}

/** `left + factor * right`. */
export function addScaled(
  meter: Meter,
  left: Polynomial,
  factor: bigint,
  right: Polynomial,
): Polynomial {
  const [below, beside] = [left.denominator, right.denominator];
  if (below !== beside) {
    const over = [scale(meter, left, beside), scale(meter, right, below)] as const;
    return lowest(meter, addScaled(meter, over[0], factor, over[1]), below * beside);
  }
  const monomials: Monomial[] = [];
  const coefficients: bigint[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [left.monomials[i], right.monomials[j]];
    const next = a === undefined || (b !== undefined && b < a) ? b : a;
    if (next === undefined) break;
    let coefficient = a === next ? (left.coefficients[i++] ?? 0n) : 0n;
    if (b === next) coefficient += factor * (right.coefficients[j++] ?? 0n);
    if (coefficient === 0n) continue;
    monomials.push(next);
    coefficients.push(boundDigits(meter, coefficient));
  }
  spend(meter, 10 + 5 * (i + j));
  bound(meter, "monomials", monomials.length);
  return { monomials, coefficients, denominator: below };
}

/** `factor * polynomial`, without its denominator. The factor is not 0. */
export function scale(meter: Meter, polynomial: Polynomial, factor: bigint): Polynomial {
  const { monomials, coefficients } = polynomial;
  spend(meter, 10 + 5 * monomials.length);
  const scaled = coefficients.map((coefficient) => boundDigits(meter, factor * coefficient));
  return { monomials, coefficients: scaled, denominator: 1n };
}

export function multiply(meter: Meter, left: Polynomial, right: Polynomial): Polynomial {
  const denominator = left.denominator * right.denominator;
  const number = constantOf(left) ?? 0n;
  if (number !== 0n) return lowest(meter, scale(meter, right, number), denominator);
  const sum: Sum = new Map();
  addProduct(meter, sum, left, right);
  const monomials = [...sum.keys()].filter((monomial) => sum.get(monomial) !== 0n).sort();
  const coefficients = monomials.map((monomial) => sum.get(monomial) ?? 0n);
  return lowest(meter, { monomials, coefficients, denominator: 1n }, denominator);
}

/** Adds the product of two polynomials, without their denominators. */
export function addProduct(meter: Meter, sum: Sum, left: Polynomial, right: Polynomial): void {
  for (const [i, a] of left.monomials.entries()) {
    spend(meter, 10 + 40 * right.monomials.length);
    for (const [j, b] of right.monomials.entries()) {
      bound(meter, "degree", a.length + b.length);
      // Unit by unit: `sort` of a text would keep surrogate pairs together.
      const monomial = a === "" || b === "" ? a + b : (a + b).split("").sort().join("");
      const product = (left.coefficients[i] ?? 0n) * (right.coefficients[j] ?? 0n);
      sum.set(monomial, boundDigits(meter, (sum.get(monomial) ?? 0n) + product));
    }
    bound(meter, "monomials", sum.size);
  }
}

/** A polynomial with integer coefficients over a denominator, in lowest terms. */
function lowest(meter: Meter, polynomial: Polynomial, denominator: bigint): Polynomial {
  if (denominator === 1n) return polynomial;
  const divisor = commonDivisor(meter, [
    boundDigits(meter, denominator),
    ...polynomial.coefficients,
  ]);
  const coefficients = polynomial.coefficients.map((coefficient) => coefficient / divisor);
  return { ...polynomial, coefficients, denominator: denominator / divisor };
}

/** The greatest common divisor of numbers: not negative, and 0 only if all are 0 (Euclid). */
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
