import { and } from "./gates.ts";
import { spend } from "./limits.ts";
import {
  addScaled,
  constant,
  constantOf,
  gcd,
  one,
  type Polynomial,
  scale,
} from "./polynomial.ts";
import {
  type Atom,
  addVariable,
  falsehood,
  type Literal,
  type Problem,
  truth,
} from "./problem.ts";

/**
 * The literal of `polynomial >= 0` (`> 0` if strict).
 *
 * The denominator is positive, so the numerator has the same sign. If every unknown is an integer,
 * so is the numerator: then `p > 0` is `p - 1 >= 0`, and with `g` the common divisor of all
 * coefficients but the constant `c`, `g m + c >= 0` is `m >= -c/g`, that is `m + floor(c/g) >= 0`.
 * Else the numerator is divided by the common divisor of all coefficients, which is positive.
 */
export function atomLiteral(problem: Problem, polynomial: Polynomial, strict: boolean): Literal {
  const { meter } = problem;
  const number = constantOf(polynomial);
  if (number !== undefined) return number > 0n || (number === 0n && !strict) ? truth : falsehood;
  const atom = isInteger(problem, polynomial)
    ? { polynomial: tighten(problem, polynomial, strict), strict: false }
    : { polynomial: reduce(problem, polynomial), strict };
  // Of an atom and its negation the one with a positive leading coefficient has the variable.
  const { monomials, coefficients } = atom.polynomial;
  const leading = coefficients[monomials[0] === "" ? 1 : 0] ?? 0n;
  const positive = leading > 0n ? atom : negateAtom(problem, atom);
  const key = keyOf(positive);
  spend(meter, key.length);
  let variable = problem.atomIds.get(key);
  if (variable === undefined) {
    variable = addVariable(problem, positive) / 2;
    problem.atomIds.set(key, variable);
  }
  return leading > 0n ? 2 * variable : 2 * variable + 1;
}

/** What a literal says about numbers, if its variable is an atom's. */
export function atomOf(problem: Problem, literal: Literal): Atom | undefined {
  const atom = problem.atoms[literal >> 1];
  return atom === undefined || literal % 2 === 0 ? atom : negateAtom(problem, atom);
}

/** The literal of `polynomial = 0`: it is at least 0, and so is its negation. */
export function zeroLiteral(problem: Problem, polynomial: Polynomial): Literal {
  const negated = scale(problem.meter, polynomial, -1n);
  return and(problem, [
    atomLiteral(problem, polynomial, false),
    atomLiteral(problem, negated, false),
  ]);
}

/** Whether every unknown of a polynomial is an integer. */
export function isInteger(problem: Problem, { monomials }: Polynomial): boolean {
  for (const monomial of monomials) {
    for (let at = 0; at < monomial.length; at++) {
      if (problem.unknowns[monomial.charCodeAt(at) - 1]?.integer !== true) return false;
    }
  }
  return true;
}

/** `not p >= 0` is `-p > 0`, over integers `-p - 1 >= 0`; `not p > 0` is `-p >= 0`. */
function negateAtom(problem: Problem, { polynomial, strict }: Atom): Atom {
  const negated = scale(problem.meter, polynomial, -1n);
  if (!isInteger(problem, polynomial)) return { polynomial: negated, strict: !strict };
  const less = addScaled(problem.meter, negated, { factor: -1n, right: one });
  return { polynomial: less, strict: false };
}

function tighten(problem: Problem, polynomial: Polynomial, strict: boolean): Polynomial {
  const { meter } = problem;
  const { monomials, coefficients } = polynomial;
  let [offset, divisor] = [strict ? -1n : 0n, 0n];
  for (const [at, coefficient] of coefficients.entries()) {
    if (monomials[at] === "") offset += coefficient;
    else if (divisor !== 1n) divisor = gcd(meter, divisor, coefficient);
  }
  const first = monomials[0] === "" ? 1 : 0;
  const unknowns = {
    monomials: monomials.slice(first),
    coefficients: coefficients.slice(first).map((coefficient) => coefficient / divisor),
    denominator: 1n,
  };
  // BigInt division rounds towards zero; the floor is one less when that went up.
  const floor = offset / divisor - (offset % divisor < 0n ? 1n : 0n);
  return addScaled(meter, constant(floor), { factor: 1n, right: unknowns });
}

function reduce(problem: Problem, { monomials, coefficients }: Polynomial): Polynomial {
  let divisor = 0n;
  for (const coefficient of coefficients) divisor = gcd(problem.meter, divisor, coefficient);
  return {
    monomials,
    coefficients: coefficients.map((coefficient) => coefficient / divisor),
    denominator: 1n,
  };
}

/** A text that no other atom has: each monomial is preceded by its length, each number ended. */
function keyOf({ polynomial, strict }: Atom): string {
  let key = strict ? ">" : "";
  for (const [at, monomial] of polynomial.monomials.entries()) {
    key += `${monomial.length}${monomial}${polynomial.coefficients[at]?.toString(36)};`;
  }
  return key;
}
