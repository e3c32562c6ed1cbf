import type { Monomial, Polynomial } from "../../kernel/polynomial.ts";
import type { Atom } from "../../kernel/problem.ts";
import {
  addRational,
  denominatorOf,
  fromQuotient,
  greatestCommonDivisor,
  multiplyRational,
  numeratorOf,
  type Rational,
} from "../budget/rational.ts";

/**
 * Mutable polynomial, by monomial. No coefficient is 0. A monomial is a string, as in the kernel.
 */
export type Poly = Map<Monomial, Rational>;

export function polyOf({ monomials, coefficients, denominator }: Polynomial): Poly {
  return new Map(
    monomials.map((monomial, at) => [monomial, fromQuotient(coefficients[at] ?? 0n, denominator)]),
  );
}

/** Hypothesis that a polynomial is at least 0, or above 0 if `strict`. */
export interface Inequality {
  readonly poly: Poly;
  readonly strict: boolean;
}

export function inequalityOf({ polynomial, strict }: Atom): Inequality {
  return { poly: polyOf(polynomial), strict };
}

export function addTerm(poly: Poly, monomial: Monomial, coefficient: Rational): void {
  const sum = addRational(poly.get(monomial) ?? 0, coefficient);
  if (sum === 0) poly.delete(monomial);
  else poly.set(monomial, sum);
}

/** Adds `factor * other` to a polynomial. */
export function addMultipleOf(poly: Poly, other: Poly, factor: Rational): void {
  for (const [monomial, coefficient] of other) {
    addTerm(poly, monomial, multiplyRational(coefficient, factor));
  }
}

export function multiplyPoly(left: Poly, right: Poly): Poly {
  const product: Poly = new Map();
  for (const [a, one] of left) {
    for (const [b, other] of right) {
      addTerm(product, multiplyMonomials(a, b), multiplyRational(one, other));
    }
  }
  return product;
}

/** Returns the product of two monomials: the sorted factors of both. */
export function multiplyMonomials(left: Monomial, right: Monomial): Monomial {
  if (left === "") return right;
  if (right === "") return left;
  let product = "";
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    product += left.charCodeAt(i) <= right.charCodeAt(j) ? left[i++] : right[j++];
  }
  return product + left.slice(i) + right.slice(j);
}

/** Returns the degree of a polynomial: the largest number of factors of a monomial. */
export function degreeOf(poly: Poly): number {
  let degree = 0;
  for (const monomial of poly.keys()) degree = Math.max(degree, monomial.length);
  return degree;
}

/**
 * Result of replacing `unknown` by `value` in a polynomial, and the quotient for which `poly -
 * result = (unknown - value) * quotient`.
 */
export interface Substituted {
  readonly result: Poly;
  readonly quotient: Poly;
}

/** Replaces an unknown (a monomial of one character) by a polynomial that does not contain it. */
export function substitute(poly: Poly, unknown: Monomial, value: Poly): Substituted {
  const result: Poly = new Map();
  const quotient: Poly = new Map();
  const powers: Poly[] = [new Map([["", 1]])];
  for (const [monomial, coefficient] of poly) {
    const first = monomial.indexOf(unknown);
    if (first < 0) {
      addTerm(result, monomial, coefficient);
      continue;
    }
    const degree = monomial.lastIndexOf(unknown) - first + 1;
    const rest: Poly = new Map([
      [monomial.slice(0, first) + monomial.slice(first + degree), coefficient],
    ]);
    while (powers.length <= degree) {
      powers.push(multiplyPoly(powers[powers.length - 1] ?? new Map(), value));
    }
    addMultipleOf(result, multiplyPoly(rest, powers[degree] ?? new Map()), 1);
    // u^d - t^d = (u - t) * sum of u^i t^(d-1-i).
    for (let at = 0; at < degree; at++) {
      const power: Poly = new Map([[unknown.repeat(at), 1]]);
      const other = powers[degree - 1 - at] ?? new Map();
      addMultipleOf(quotient, multiplyPoly(rest, multiplyPoly(power, other)), 1);
    }
  }
  return { result, quotient };
}

/** Polynomial with integer coefficients. The original polynomial is `factor * polynomial`. */
export interface Cleared {
  readonly polynomial: Polynomial;
  readonly factor: Rational;
}

/**
 * Writes a polynomial that is not 0 as `factor * polynomial`, with integer coefficients and a
 * positive factor.
 */
export function clearDenominators(poly: Poly): Cleared {
  let common = 1n;
  for (const coefficient of poly.values()) {
    const denominator = denominatorOf(coefficient);
    common *= denominator / greatestCommonDivisor(common, denominator);
  }
  const terms = [...poly].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    polynomial: {
      monomials: terms.map(([monomial]) => monomial),
      coefficients: terms.map(
        ([, coefficient]) => (numeratorOf(coefficient) * common) / denominatorOf(coefficient),
      ),
      denominator: 1n,
    },
    factor: fromQuotient(1n, common),
  };
}
