import type { Polynomial } from "../../../src/kernel/polynomial.ts";
import type { Sum } from "./certificate.ts";

/** Polynomials with integer coefficients, by a code that shares nothing with the kernel's. */
export function addSums(...sums: readonly Sum[]): Sum {
  const table = new Map<string, { readonly unknowns: readonly number[]; coefficient: bigint }>();
  for (const { unknowns, coefficient } of sums.flat()) {
    const key = unknowns.join();
    const entry = table.get(key) ?? { unknowns, coefficient: 0n };
    entry.coefficient += coefficient;
    table.set(key, entry);
  }
  return [...table.values()]
    .filter((entry) => entry.coefficient !== 0n)
    .sort((left, right) => byUnits(left.unknowns, right.unknowns));
}

export function multiplySums(left: Sum, right: Sum): Sum {
  return addSums(
    left.flatMap((a) =>
      right.map((b) => ({
        unknowns: [...a.unknowns, ...b.unknowns].sort((x, y) => x - y),
        coefficient: a.coefficient * b.coefficient,
      })),
    ),
  );
}

export function scaleSum(sum: Sum, by: bigint): Sum {
  return by === 0n ? [] : sum.map((one) => ({ ...one, coefficient: one.coefficient * by }));
}

export function constantSum(value: bigint): Sum {
  return value === 0n ? [] : [{ unknowns: [], coefficient: value }];
}

/** The numerator of a polynomial of the kernel. */
export function sumOf({ monomials, coefficients }: Polynomial): Sum {
  return monomials.map((monomial, at) => ({
    unknowns: monomial.split("").map((unit) => unit.charCodeAt(0) - 1),
    coefficient: coefficients[at] ?? 0n,
  }));
}

/** The kernel's form of a polynomial. */
export function kernelPolynomial(sum: Sum): Polynomial {
  return {
    monomials: sum.map(({ unknowns }) =>
      unknowns.map((unknown) => String.fromCharCode(unknown + 1)).join(""),
    ),
    coefficients: sum.map(({ coefficient }) => coefficient),
    denominator: 1n,
  };
}

/** The order of strings of UTF-16 units. */
function byUnits(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((unit, place) => unit !== right[place]);
  if (at < 0) return left.length - right.length;
  return (left[at] ?? 0) - (right[at] ?? -1);
}
