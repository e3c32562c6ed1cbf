import type { Monomial, Polynomial } from "../../kernel/polynomial.ts";
import type { Atom, Problem } from "../../kernel/problem.ts";
import { spendOn, spendParts } from "../budget/budget.ts";
import {
  addRational,
  fromInteger,
  fromQuotient,
  greatestCommonDivisor,
  multiplyRational,
  type Rational,
} from "../budget/rational.ts";
import { addForm, addVariable, type Bound, type Simplex } from "./simplex.ts";

/**
 * Linear forms, and atoms as bounds of them. An atom `scale * form + constant >= 0` bounds the form
 * from below if it is true, and from above if it is false. Each monomial is a variable of the
 * simplex, and so is each form that has a bound.
 */
export interface Forms {
  readonly simplex: Simplex;
  readonly unknowns: Problem["unknowns"];
  readonly variables: Map<Monomial, number>;
  /** Monomials by variable of the simplex. Undefined for a variable that stands for a form. */
  readonly monomials: (Monomial | undefined)[];
  readonly byKey: Map<string, Form>;
}

export interface Form {
  readonly monomials: readonly Monomial[];
  readonly coefficients: readonly Rational[];
  /** Variable in the simplex. Undefined until the form has a bound. */
  variable: number | undefined;
  /** Variables, in the search, of the atoms that bound the form. */
  readonly atoms: number[];
}

export interface AtomBounds {
  readonly form: Form;
  /** Factor of the form in the atom's polynomial, which is `scale * form + constant`. */
  readonly scale: Rational;
  readonly whenTrue: Bound;
  readonly whenFalse: Bound;
}

export function createForms(simplex: Simplex, problem: Problem): Forms {
  return {
    simplex,
    unknowns: problem.unknowns,
    variables: new Map(),
    monomials: [],
    byKey: new Map(),
  };
}

/**
 * Returns the bounds that an atom puts on a form. `variable` is the atom's variable in the search.
 */
export function boundsOf(forms: Forms, atom: Atom, variable: number): AtomBounds {
  const { monomials, coefficients } = atom.polynomial;
  const first = monomials[0] === "" ? 1 : 0;
  const constant = first === 1 ? (coefficients[0] ?? 0n) : 0n;
  spendParts(forms.simplex.budget, 16 + 24 * monomials.length);
  let scale = 0n;
  for (let at = first; at < coefficients.length && scale !== 1n; at++) {
    scale = greatestCommonDivisor(scale, coefficients[at] ?? 0n);
  }
  const form = formOf(forms, monomials.slice(first), coefficients.slice(first), scale);
  form.atoms.push(variable);
  const value = fromQuotient(-constant, scale);
  if (isIntegral(forms, form)) {
    return {
      form,
      scale: fromInteger(scale),
      whenTrue: { value, delta: 0, reason: 2 * variable },
      whenFalse: { value: addRational(value, -1), delta: 0, reason: 2 * variable + 1 },
    };
  }
  return {
    form,
    scale: fromInteger(scale),
    whenTrue: { value, delta: atom.strict ? 1 : 0, reason: 2 * variable },
    whenFalse: { value, delta: atom.strict ? 0 : -1, reason: 2 * variable + 1 },
  };
}

function formOf(
  forms: Forms,
  monomials: readonly Monomial[],
  numerators: readonly bigint[],
  scale: bigint,
): Form {
  let key = "";
  const coefficients: Rational[] = [];
  for (let at = 0; at < monomials.length; at++) {
    const coefficient = (numerators[at] ?? 0n) / scale;
    coefficients.push(fromInteger(coefficient));
    key += `${monomials[at]?.length}${monomials[at]}${coefficient};`;
  }
  let form = forms.byKey.get(key);
  if (form === undefined) {
    form = { monomials, coefficients, variable: undefined, atoms: [] };
    forms.byKey.set(key, form);
  }
  return form;
}

function isIntegral(forms: Forms, { monomials }: Form): boolean {
  return monomials.every((monomial) => isIntegerMonomial(forms, monomial));
}

export function isIntegerMonomial({ unknowns }: Forms, monomial: Monomial): boolean {
  for (let at = 0; at < monomial.length; at++) {
    if (unknowns[monomial.charCodeAt(at) - 1]?.integer !== true) return false;
  }
  return true;
}

/** Returns the simplex variable of a form. Adds one if there is none. */
export function variableOfForm(forms: Forms, form: Form): number {
  if (form.variable !== undefined) return form.variable;
  spendParts(forms.simplex.budget, 8 * form.monomials.length);
  const entries = form.monomials.map(
    (monomial, at) => [variableOfMonomial(forms, monomial), form.coefficients[at] ?? 0] as const,
  );
  const [only] = entries;
  const isMonomial = entries.length === 1 && only !== undefined && only[1] === 1;
  form.variable = isMonomial ? only[0] : addForm(forms.simplex, entries);
  return form.variable;
}

export function variableOfMonomial(forms: Forms, monomial: Monomial): number {
  const known = forms.variables.get(monomial);
  if (known !== undefined) return known;
  const variable = addVariable(forms.simplex);
  forms.variables.set(monomial, variable);
  forms.monomials[variable] = monomial;
  return variable;
}

/** Value `value + delta * e`, with e the simplex's infinitesimal. */
export interface ModelValue {
  readonly value: Rational;
  readonly delta: Rational;
}

/**
 * Returns the value of a form in the simplex's assignment. A monomial without a variable counts as
 * 0.
 */
export function valueOfForm(forms: Forms, form: Form): ModelValue {
  const { simplex } = forms;
  if (form.variable !== undefined) {
    return { value: simplex.value[form.variable] ?? 0, delta: simplex.delta[form.variable] ?? 0 };
  }
  return sumOf(forms, form.monomials, form.coefficients);
}

function sumOf(
  { simplex, variables }: Forms,
  monomials: readonly Monomial[],
  coefficients: readonly Rational[],
): ModelValue {
  let value: Rational = 0;
  let delta: Rational = 0;
  for (let at = 0; at < monomials.length; at++) {
    spendParts(simplex.budget, 4);
    const variable = variables.get(monomials[at] ?? "");
    if (variable === undefined) continue;
    const factor = coefficients[at] ?? 0;
    value = addRational(value, multiplyRational(factor, simplex.value[variable] ?? 0));
    if (typeof value !== "number") spendOn(simplex.budget, value);
    if (simplex.strict) {
      delta = addRational(delta, multiplyRational(factor, simplex.delta[variable] ?? 0));
    }
  }
  return { value, delta };
}

/**
 * Returns the value of a polynomial in the simplex's assignment. A monomial has the value of its
 * own variable, not the product of its unknowns. A monomial without a variable counts as 0.
 */
export function valueOfPolynomial(forms: Forms, polynomial: Polynomial): ModelValue {
  const { monomials, coefficients, denominator } = polynomial;
  const rationals = coefficients.map((one) => fromQuotient(one, denominator));
  const sum = sumOf(forms, monomials, rationals);
  const constant = monomials[0] === "" ? (rationals[0] ?? 0) : 0;
  return { value: addRational(sum.value, constant), delta: sum.delta };
}
