import { bound, type Meter, Stopped, spend } from "./limits.ts";

/**
 * A product of unknowns: one UTF-16 unit, `unknown + 1`, per factor, in ascending order.
 * Equal products are equal strings, and the constant product is `""`, the least of all.
 */
export type Monomial = string;

/**
 * The sum of `coefficients[i] * monomials[i]`, divided by `denominator`.
 *
 * Canonical up to the denominator: monomials ascend strictly, so none occurs twice; no coefficient
 * is 0; the denominator is positive.
 */
export interface Polynomial {
  readonly monomials: readonly Monomial[];
  readonly coefficients: readonly bigint[];
  readonly denominator: bigint;
}

/** A sum in the making; a coefficient may be 0. */
export type Sum = Map<Monomial, bigint>;

export const zero: Polynomial = { monomials: [], coefficients: [], denominator: 1n };
export const one: Polynomial = constant(1n);

/** The polynomial that is a number. */
export function constant(numerator: bigint, denominator = 1n): Polynomial {
  if (numerator === 0n) return zero;
  return { monomials: [""], coefficients: [numerator], denominator };
}

/** The polynomial that is one unknown. */
export function unknownOf(unknown: number): Polynomial {
  return { monomials: [String.fromCharCode(unknown + 1)], coefficients: [1n], denominator: 1n };
}

/** The number that a polynomial is, if it is one, times its denominator. */
export function constantOf({ monomials, coefficients }: Polynomial): bigint | undefined {
  if (monomials.length === 0) return 0n;
  return monomials.length === 1 && monomials[0] === "" ? coefficients[0] : undefined;
}

/** `left + factor * right`. */
export function addScaled(
  meter: Meter,
  left: Polynomial,
  { factor, right }: { readonly factor: bigint; readonly right: Polynomial },
): Polynomial {
  if (left.denominator !== right.denominator) return addFractions(meter, left, { factor, right });
  spend(meter, left.monomials.length + right.monomials.length);
  const monomials: Monomial[] = [];
  const coefficients: bigint[] = [];
  const push = (monomial: Monomial, coefficient: bigint): void => {
    if (coefficient === 0n) return;
    monomials.push(monomial);
    coefficients.push(checkDigits(meter, coefficient));
  };
  let [i, j] = [0, 0];
  while (i < left.monomials.length || j < right.monomials.length) {
    const [a, b] = [left.monomials[i], right.monomials[j]];
    if (b === undefined || (a !== undefined && a < b)) {
      push(a ?? "", left.coefficients[i++] ?? 0n);
    } else if (a === undefined || b < a) {
      push(b, factor * (right.coefficients[j++] ?? 0n));
    } else {
      push(a, (left.coefficients[i++] ?? 0n) + factor * (right.coefficients[j++] ?? 0n));
    }
  }
  bound(meter, "monomials", monomials.length);
  return { monomials, coefficients, denominator: left.denominator };
}

function addFractions(
  meter: Meter,
  left: Polynomial,
  { factor, right }: { readonly factor: bigint; readonly right: Polynomial },
): Polynomial {
  const numerator = addScaled(meter, scale(meter, left, right.denominator), {
    factor: factor * left.denominator,
    right: { ...right, denominator: 1n },
  });
  return lowest(meter, numerator, left.denominator * right.denominator);
}

/** `factor * polynomial`, without its denominator. */
export function scale(meter: Meter, polynomial: Polynomial, factor: bigint): Polynomial {
  return addScaled(meter, zero, { factor, right: { ...polynomial, denominator: 1n } });
}

/** `left * right`. */
export function multiply(meter: Meter, left: Polynomial, right: Polynomial): Polynomial {
  const sum: Sum = new Map();
  addProduct(meter, sum, [left, right]);
  const terms = [...sum].filter(([, coefficient]) => coefficient !== 0n);
  bound(meter, "monomials", terms.length);
  terms.sort(([a], [b]) => (a < b ? -1 : 1));
  const numerator = {
    monomials: terms.map(([monomial]) => monomial),
    coefficients: terms.map(([, coefficient]) => coefficient),
    denominator: 1n,
  };
  return lowest(meter, numerator, left.denominator * right.denominator);
}

/** Adds the product of two polynomials, without their denominators, to a sum. */
export function addProduct(
  meter: Meter,
  sum: Sum,
  [left, right]: readonly [Polynomial, Polynomial],
): void {
  spend(meter, 8 * left.monomials.length * right.monomials.length);
  for (const [i, a] of left.monomials.entries()) {
    for (const [j, b] of right.monomials.entries()) {
      const monomial = multiplyMonomials(meter, a, b);
      const product = (left.coefficients[i] ?? 0n) * (right.coefficients[j] ?? 0n);
      sum.set(monomial, checkDigits(meter, (sum.get(monomial) ?? 0n) + product));
    }
  }
  bound(meter, "monomials", sum.size);
}

/** A polynomial over another denominator, in lowest terms. */
function lowest(meter: Meter, { monomials, coefficients }: Polynomial, by: bigint): Polynomial {
  if (by === 1n) return { monomials, coefficients, denominator: 1n };
  let common = checkDigits(meter, by);
  for (const coefficient of coefficients) common = gcd(meter, common, coefficient);
  return {
    monomials,
    coefficients: coefficients.map((coefficient) => coefficient / common),
    denominator: by / common,
  };
}

function multiplyMonomials(meter: Meter, left: Monomial, right: Monomial): Monomial {
  if (left === "") return right;
  if (right === "") return left;
  bound(meter, "degree", left.length + right.length);
  const factors = [...left.split(""), ...right.split("")];
  return factors.sort().join("");
}

/** The greatest common divisor, not negative. */
export function gcd(meter: Meter, left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b !== 0n) {
    spend(meter, 10);
    [a, b] = [b, a % b];
  }
  return a;
}

/** Ends the certification when a number has too many digits. */
export function checkDigits(meter: Meter, value: bigint): bigint {
  if (value > meter.largest || -value > meter.largest) {
    throw new Stopped({ type: "exhausted", limit: "digits" });
  }
  return value;
}
