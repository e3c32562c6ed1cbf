import { and } from "./gates.ts";
import { spend } from "./limits.ts";
import type { Polynomial } from "./polynomial.ts";
import {
  commonDivisor,
  constant,
  constantOf,
  minusOne,
  negative,
  one,
  subtract,
} from "./polynomial.ts";
import { type Atom, addVariable, falsehood, type Literal, type Problem, truth } from "./problem.ts";

/**
 * Returns the literal of `polynomial >= 0`, or of `polynomial > 0` if `strict`. Denominators are
 * positive, so only the numerator matters.
 */
export function atomLiteral(problem: Problem, polynomial: Polynomial, strict: boolean): Literal {
  const number = constantOf(polynomial);
  if (number !== undefined) return number > 0n || (number === 0n && !strict) ? truth : falsehood;
  const atom = canonical(problem, { polynomial, strict });
  // Of an atom and its negation, that with a positive leading coefficient has the variable.
  const { monomials, coefficients } = atom.polynomial;
  const negated = (coefficients[monomials[0] === "" ? 1 : 0] ?? 0n) < 0n;
  const positive = negated ? negateAtom(problem, atom) : atom;
  const key = atomKey(positive);
  spend(problem.meter, 30 + 5 * key.length);
  let variable = problem.atomIds.get(key);
  if (variable === undefined) {
    variable = addVariable(problem, positive) >> 1;
    problem.atomIds.set(key, variable);
  }
  return negated ? 2 * variable + 1 : 2 * variable;
}

/**
 * Returns the key of an atom. Keys are unique because each monomial follows its length, which is
 * one digit.
 */
export function atomKey({ polynomial, strict }: Atom): string {
  let key = strict ? ">" : "";
  for (const [at, monomial] of polynomial.monomials.entries()) {
    key += `${monomial.length}${monomial}${polynomial.coefficients[at]?.toString(36)};`;
  }
  return key;
}

/** Returns the inequality that a literal states. Undefined if the literal's variable is no atom. */
export function atomOf(problem: Problem, literal: Literal): Atom | undefined {
  const atom = problem.atoms[literal >> 1];
  return atom === undefined || literal % 2 === 0 ? atom : negateAtom(problem, atom);
}

/**
 * Returns the literal of `polynomial = 0`, which is the conjunction of `polynomial >= 0` and
 * `-polynomial >= 0`.
 */
export function zeroLiteral(problem: Problem, polynomial: Polynomial): Literal {
  const signs = [polynomial, negative(polynomial)];
  return and(
    problem,
    signs.map((sign) => atomLiteral(problem, sign, false)),
  );
}

/** Tells whether all unknowns of a polynomial are integers. */
export function isInteger(problem: Problem, { monomials }: Polynomial): boolean {
  for (const monomial of monomials) {
    for (let at = 0; at < monomial.length; at++) {
      if (problem.unknowns[monomial.charCodeAt(at) - 1]?.integer !== true) return false;
    }
  }
  return true;
}

/**
 * Returns an equivalent atom whose coefficients have no common divisor.
 *
 * Over the reals, all coefficients are divided by their greatest common divisor. Over the integers,
 * the polynomial has integer values, so `p > 0` becomes `p - 1 >= 0`. If `g` divides all
 * coefficients other than the constant `c`, then `g m + c >= 0` means `m >= -c/g`, which is `m +
 * floor(c/g) >= 0` (Gomory, 1958).
 */
function canonical(problem: Problem, { polynomial, strict }: Atom): Atom {
  const { meter } = problem;
  const isWhole = isInteger(problem, polynomial);
  const numerator = { ...polynomial, denominator: 1n };
  const given = isWhole && strict ? subtract(meter, numerator, one) : numerator;
  const { monomials, coefficients } = given;
  const [offset = 0n] = isWhole && monomials[0] === "" ? coefficients : [];
  const divisor = commonDivisor(meter, offset === 0n ? coefficients : coefficients.slice(1));
  // Subtracting the remainder makes the constant divisible, which rounds it down.
  const rest = ((offset % divisor) + divisor) % divisor;
  const rounded = rest === 0n ? given : subtract(meter, given, constant(rest));
  const divided = rounded.coefficients.map((coefficient) => coefficient / divisor);
  return { polynomial: { ...rounded, coefficients: divided }, strict: strict && !isWhole };
}

/**
 * Negates an atom. `not p >= 0` is `-p > 0`, or `-p - 1 >= 0` over the integers. `not p > 0` is `-p
 * >= 0`.
 */
function negateAtom(problem: Problem, { polynomial, strict }: Atom): Atom {
  const isWhole = isInteger(problem, polynomial);
  if (!isWhole) return { polynomial: negative(polynomial), strict: !strict };
  return { polynomial: subtract(problem.meter, minusOne, polynomial), strict: false };
}
