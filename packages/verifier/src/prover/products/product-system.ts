import type { Monomial } from "../../kernel/polynomial.ts";
import { type Budget, spendOn, spendParts } from "../budget/budget.ts";
import {
  addRational,
  divideRational,
  multiplyRational,
  negateRational,
  type Rational,
  signOf,
} from "../budget/rational.ts";
import {
  addForm,
  addVariable,
  assertBound,
  checkBounds,
  createSimplex,
  type Infeasible,
  type Simplex,
} from "../simplex/simplex.ts";
import type { Poly } from "./algebra.ts";
import type { Part } from "./product-lemma.ts";

/**
 * Linear programme whose variables are monomials. Its rows are hypotheses and their products. If it
 * has no solution, the combination of rows that shows this is a lemma about the hypotheses.
 */
export interface ProductSystem {
  readonly simplex: Simplex;
  readonly variables: Map<Monomial, number>;
  readonly rows: ProductRow[];
}

/** Row `poly >= 0` (`at-least`), `poly > 0` (`above`) or `poly = 0` (`equal`). */
export interface ProductRow {
  readonly poly: Poly;
  readonly relation: "at-least" | "above" | "equal";
  /** Literals of the hypotheses whose product is the row. */
  readonly product: readonly number[];
  /**
   * Present if the row is an equation times a polynomial. `pair` is the literal of the equation's
   * other inequality, and `poly` is the polynomial.
   */
  readonly equation?: { readonly pair: number; readonly poly: Poly };
}

export function createSystem(budget: Budget): ProductSystem {
  return { simplex: createSimplex(budget), variables: new Map(), rows: [] };
}

/**
 * Adds a row. Returns the contradiction if its bound contradicts another bound of the same form;
 * otherwise undefined.
 */
export function addRow(system: ProductSystem, row: ProductRow): Infeasible | undefined {
  const { simplex } = system;
  const reason = 2 * system.rows.length;
  system.rows.push(row);
  const constant = row.poly.get("") ?? 0;
  const form: (readonly [number, Rational])[] = [];
  for (const [monomial, coefficient] of row.poly) {
    if (monomial !== "") form.push([variableOf(system, monomial), coefficient]);
  }
  const variable = addForm(simplex, form);
  const value = negateRational(constant);
  const delta = row.relation === "above" ? 1 : 0;
  const conflict = assertBound(simplex, variable, false, { value, delta, reason });
  if (conflict !== undefined || row.relation !== "equal") return conflict;
  return assertBound(simplex, variable, true, { value, delta: 0, reason: reason + 1 });
}

function variableOf({ simplex, variables }: ProductSystem, monomial: Monomial): number {
  const known = variables.get(monomial);
  if (known !== undefined) return known;
  const variable = addVariable(simplex);
  variables.set(monomial, variable);
  return variable;
}

/**
 * Solves the programme. Returns the combination of rows that is contradictory, or undefined if
 * there is a solution.
 */
export function checkSystem({ simplex }: ProductSystem): Infeasible | undefined {
  return checkBounds(simplex);
}

/**
 * Translates a contradictory combination of rows of the programme to a combination of hypotheses.
 */
export function partsOf({ rows, simplex }: ProductSystem, infeasible: Infeasible): readonly Part[] {
  const parts: Part[] = [];
  for (const { reason, multiplier } of infeasible) {
    spendParts(simplex.budget, 16);
    const row = rows[reason >> 1];
    if (row === undefined) continue;
    const { product, equation } = row;
    if (equation === undefined) {
      parts.push({ product, factor: multiplier });
      continue;
    }
    const factor = (reason & 1) === 1 ? negateRational(multiplier) : multiplier;
    const poly: Poly = new Map();
    for (const [monomial, coefficient] of equation.poly) {
      poly.set(monomial, multiplyRational(coefficient, factor));
    }
    parts.push({ product, factor: 1, equation: { pair: equation.pair, poly } });
  }
  return parts;
}

/**
 * Returns the value of a monomial in the programme's solution. For a monomial that is not in the
 * programme it is the product of the values of its unknowns.
 */
export function valueOfMonomial(system: ProductSystem, monomial: Monomial): Rational {
  const variable = system.variables.get(monomial);
  return variable === undefined
    ? productOfValues(system, monomial)
    : valueAt(system.simplex, variable);
}

/** Returns a variable's value with 1/1024 in place of the infinitesimal. Only for heuristics. */
function valueAt({ value, delta, strict }: Simplex, variable: number): Rational {
  const whole = value[variable] ?? 0;
  return strict ? addRational(whole, divideRational(delta[variable] ?? 0, 1_024)) : whole;
}

/**
 * Returns the product of the values of a monomial's unknowns. An unknown that is not in the
 * programme counts as 0.
 */
export function productOfValues(
  { simplex, variables }: ProductSystem,
  monomial: Monomial,
): Rational {
  let product: Rational = 1;
  for (let at = 0; at < monomial.length && product !== 0; at++) {
    const variable = variables.get(monomial.charAt(at));
    product = multiplyRational(product, variable === undefined ? 0 : valueAt(simplex, variable));
    if (typeof product !== "number") spendOn(simplex.budget, product, 2);
  }
  return product;
}

export function valueOfPoly(system: ProductSystem, poly: Poly): Rational {
  let value: Rational = 0;
  for (const [monomial, coefficient] of poly) {
    const one = monomial === "" ? 1 : valueOfMonomial(system, monomial);
    value = addRational(value, multiplyRational(coefficient, one));
    if (typeof value !== "number") spendOn(system.simplex.budget, value, 3);
  }
  return value;
}

/**
 * Returns the nonlinear monomials whose value is not the product of the values of their unknowns,
 * shortest first.
 */
export function inconsistentMonomials(system: ProductSystem): readonly Monomial[] {
  const found: Monomial[] = [];
  for (const [monomial, variable] of system.variables) {
    spendParts(system.simplex.budget, monomial.length < 2 ? 1 : 8);
    if (monomial.length < 2) continue;
    const gap = addRational(
      valueAt(system.simplex, variable),
      negateRational(productOfValues(system, monomial)),
    );
    if (signOf(gap) !== 0) found.push(monomial);
  }
  return found.sort((left, right) => left.length - right.length || (left < right ? -1 : 1));
}
