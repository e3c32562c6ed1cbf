import { and } from "./gates.ts";
import { spend } from "./limits.ts";
import type { Polynomial } from "./polynomial.ts";
import { addScaled, commonDivisor, constant, constantOf, one, scale } from "./polynomial.ts";
import { type Atom, addVariable, falsehood, type Literal, type Problem, truth } from "./problem.ts";

/**
 * The literal of `polynomial >= 0`, or of `polynomial > 0` if strict. The denominator is positive,
 * so the numerator decides.
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

/** A text that no other atom has: a monomial follows its length, which is one digit. */
export function atomKey({ polynomial, strict }: Atom): string {
  let key = strict ? ">" : "";
  for (const [at, monomial] of polynomial.monomials.entries()) {
    key += `${monomial.length}${monomial}${polynomial.coefficients[at]?.toString(36)};`;
  }
  return key;
}

/** What a literal of an atom says. */
export function atomOf(problem: Problem, literal: Literal): Atom | undefined {
  const atom = problem.atoms[literal >> 1];
  return atom === undefined || literal % 2 === 0 ? atom : negateAtom(problem, atom);
}

/** The literal of `polynomial = 0`: neither the one sign nor the other. */
export function zeroLiteral(problem: Problem, polynomial: Polynomial): Literal {
  const signs = [polynomial, scale(problem.meter, polynomial, -1n)];
  return and(
    problem,
    signs.map((sign) => atomLiteral(problem, sign, false)),
  );
}

/** Whether all unknowns of a polynomial are integers. */
export function isInteger(problem: Problem, { monomials }: Polynomial): boolean {
  for (const monomial of monomials) {
    for (let at = 0; at < monomial.length; at++) {
      if (problem.unknowns[monomial.charCodeAt(at) - 1]?.integer !== true) return false;
    }
  }
  return true;
}

/**
 * The same atom with coefficients that have no common divisor.
 *
 * Over the reals all are divided by theirs, which is positive. Over integers the polynomial is an
 * integer: so `p > 0` is `p - 1 >= 0`, and where `g` divides all coefficients but the constant `c`,
 * `g m + c >= 0` says `m >= -c/g`, that is `m + floor(c/g) >= 0` (Gomory, 1958).
 */
function canonical(problem: Problem, { polynomial, strict }: Atom): Atom {
  const { meter } = problem;
  const { monomials, coefficients } = polynomial;
  const integer = isInteger(problem, polynomial);
  const [offset = 0n] = monomials[0] === "" ? coefficients : [];
  const first = integer && monomials[0] === "" ? 1 : 0;
  const divisor = commonDivisor(meter, first === 0 ? coefficients : coefficients.slice(first));
  if (divisor === 1n && !(integer && strict)) {
    return { polynomial: { monomials, coefficients, denominator: 1n }, strict };
  }
  const divided = coefficients.slice(first).map((coefficient) => coefficient / divisor);
  const rest = { monomials: monomials.slice(first), coefficients: divided, denominator: 1n };
  if (!integer) return { polynomial: rest, strict };
  const least = strict ? offset - 1n : offset;
  // BigInt division rounds towards 0, which is up where the remainder is negative.
  const floor = least / divisor - (least % divisor < 0n ? 1n : 0n);
  return { polynomial: addScaled(meter, constant(floor), 1n, rest), strict: false };
}

/** `not p >= 0` is `-p > 0`, over integers `-p - 1 >= 0`; `not p > 0` is `-p >= 0`. */
function negateAtom(problem: Problem, { polynomial, strict }: Atom): Atom {
  const opposite = scale(problem.meter, polynomial, -1n);
  if (!isInteger(problem, polynomial)) return { polynomial: opposite, strict: !strict };
  return { polynomial: addScaled(problem.meter, opposite, -1n, one), strict: false };
}
