import type { Monomial, Polynomial } from "../../kernel/polynomial.ts";
import { type Budget, spend, spendParts } from "../budget/budget.ts";
import {
  denominatorOf,
  greatestCommonDivisor,
  numeratorOf,
  type Rational,
  signOf,
} from "../budget/rational.ts";
import { type Form, type Forms, isIntegerMonomial, valueOfPolynomial } from "../simplex/forms.ts";
import { compareBounds } from "../simplex/simplex.ts";
import type { SearchState } from "../state/state.ts";

/**
 * System of integer equations, to find one without a solution. Unknowns are replaced by sums of
 * unknowns until each equation has one unknown left (Hermite normal form, column by column). If `g
 * * s = c` remains and `g` does not divide `c`, there is no solution: the integer `s` is either
 * below or above `c / g`, and both contradict the equation.
 */
interface Columns {
  /** Rows, each with its coefficients by column. */
  readonly rows: readonly Row[];
  /** Sum of unknowns that each column stands for. */
  readonly meanings: Map<Monomial, Map<Monomial, bigint>>;
}

/**
 * Row `sum of coefficients * columns + constant`. It is 0 for an equation, otherwise at least 0.
 */
interface Row {
  readonly isEquation: boolean;
  readonly coefficients: Map<Monomial, bigint>;
  constant: bigint;
}

const rowsMax = 80;
const digitsMax = 1n << 200n;

/**
 * Returns the polynomial `s - ceiling(c / g)`, on whose sign the search should split. It comes from
 * an equation `g * s = c` without an integer solution, or from an inequality `g * s >= c` that the
 * current values satisfy only because they are not integers. Undefined if there is neither.
 */
export function cutOfEquations(state: SearchState): Polynomial | undefined {
  const columns: Columns = { rows: rowsOf(state), meanings: new Map() };
  for (const { coefficients } of columns.rows) {
    for (const monomial of coefficients.keys()) {
      columns.meanings.set(monomial, new Map([[monomial, 1n]]));
    }
  }
  for (const equation of columns.rows) {
    if (!equation.isEquation) continue;
    const column = isolate(state, columns, equation);
    if (column === undefined) continue;
    const divisor = equation.coefficients.get(column) ?? 1n;
    if (equation.constant % divisor !== 0n) {
      return aboveQuotient(columns.meanings.get(column) ?? new Map(), equation.constant, divisor);
    }
    fix(columns, column, -equation.constant / divisor);
  }
  return cutOfInequalities(state, columns);
}

function cutOfInequalities(
  { budget, forms }: SearchState,
  columns: Columns,
): Polynomial | undefined {
  for (const { isEquation, coefficients, constant } of columns.rows) {
    if (isEquation || coefficients.size === 0) continue;
    spend(budget, coefficients.size);
    let divisor = 0n;
    for (const one of coefficients.values()) divisor = greatestCommonDivisor(divisor, one);
    if (divisor === 1n || constant % divisor === 0n) continue;
    const form = new Map<Monomial, bigint>();
    for (const [column, coefficient] of coefficients) {
      spend(budget, columns.meanings.get(column)?.size ?? 0);
      addMeaning(form, columns.meanings.get(column) ?? new Map(), coefficient / divisor);
    }
    const cut = aboveQuotient(form, constant, divisor);
    if (signOf(valueOfPolynomial(forms, cut).value) < 0) return cut;
  }
  return undefined;
}

function rowsOf({ budget, forms, simplex }: SearchState): readonly Row[] {
  const rows: Row[] = [];
  for (const form of forms.byKey.values()) {
    const { variable } = form;
    spendParts(budget, 4 + 8 * form.monomials.length);
    if (variable === undefined || !isWhole(forms, form)) continue;
    const [lower, upper] = [simplex.lower[variable], simplex.upper[variable]];
    const isEquation =
      lower !== undefined && upper !== undefined && compareBounds(lower, upper) === 0;
    if (lower !== undefined) rows.push(rowOf(form, lower.value, { sign: 1n, isEquation }));
    if (upper !== undefined && !isEquation) {
      rows.push(rowOf(form, upper.value, { sign: -1n, isEquation }));
    }
  }
  const equations = rows.filter(({ isEquation }) => isEquation);
  // Without equations, atoms are already as tight as possible.
  if (equations.length === 0) return [];
  return [...equations, ...rows.filter(({ isEquation }) => !isEquation)].slice(0, rowsMax);
}

function rowOf(
  { monomials, coefficients }: Form,
  bound: Rational,
  kind: { readonly sign: bigint; readonly isEquation: boolean },
): Row {
  const { sign, isEquation } = kind;
  const factor = sign * denominatorOf(bound);
  const entries = monomials.map(
    (monomial, at) => [monomial, numeratorOf(coefficients[at] ?? 0) * factor] as const,
  );
  return { isEquation, coefficients: new Map(entries), constant: -sign * numeratorOf(bound) };
}

function isWhole(forms: Forms, { monomials, coefficients }: Form): boolean {
  return (
    monomials.every((monomial) => isIntegerMonomial(forms, monomial)) &&
    coefficients.every((coefficient) => denominatorOf(coefficient) === 1n)
  );
}

/**
 * Changes columns until an equation has one column left, and returns it. Undefined if the equation
 * has none, or if its coefficients grow too long.
 */
function isolate(
  { budget }: SearchState,
  columns: Columns,
  { coefficients }: Row,
): Monomial | undefined {
  for (;;) {
    let least: Monomial | undefined;
    let size = 0n;
    for (const [column, coefficient] of coefficients) {
      const magnitude = coefficient < 0n ? -coefficient : coefficient;
      if (least === undefined || magnitude < size) [least, size] = [column, magnitude];
    }
    if (least === undefined || size > digitsMax) return undefined;
    if (coefficients.size === 1) return least;
    for (const [column, coefficient] of coefficients) {
      if (column === least) continue;
      spend(budget, columns.rows.length);
      const quotient = coefficient / (coefficients.get(least) ?? 1n);
      if (quotient !== 0n) addColumn(budget, columns, { to: least, from: column, quotient });
    }
  }
}

/**
 * Substitutes columns. The sum of unknowns that `to` stands for gains `quotient` times the sum that
 * `from` stands for. In each row, `quotient` times the coefficient of `to` is subtracted from the
 * coefficient of `from`, so the row keeps its value.
 */
function addColumn(
  budget: Budget,
  { rows, meanings }: Columns,
  change: { readonly to: Monomial; readonly from: Monomial; readonly quotient: bigint },
): void {
  const { to, from, quotient } = change;
  for (const { coefficients } of rows) {
    const own = coefficients.get(to);
    if (own === undefined) continue;
    spendOnInteger(budget, own);
    const rest = (coefficients.get(from) ?? 0n) - quotient * own;
    if (rest === 0n) coefficients.delete(from);
    else coefficients.set(from, rest);
  }
  for (const coefficient of meanings.get(from)?.values() ?? []) spendOnInteger(budget, coefficient);
  addMeaning(meanings.get(to) ?? new Map(), meanings.get(from) ?? new Map(), quotient);
}

/**
 * Counts the work for an integer by its length, because the integers of equations may grow long.
 */
function spendOnInteger(budget: Budget, value: bigint): void {
  const isShort = value < digitsMax && value > -digitsMax;
  spendParts(budget, isShort ? 8 : 8 + value.toString(16).length);
}

function addMeaning(
  sum: Map<Monomial, bigint>,
  meaning: ReadonlyMap<Monomial, bigint>,
  factor: bigint,
): void {
  for (const [monomial, coefficient] of meaning) {
    const total = (sum.get(monomial) ?? 0n) + factor * coefficient;
    if (total === 0n) sum.delete(monomial);
    else sum.set(monomial, total);
  }
}

function fix({ rows }: Columns, column: Monomial, value: bigint): void {
  for (const row of rows) {
    row.constant += (row.coefficients.get(column) ?? 0n) * value;
    row.coefficients.delete(column);
  }
}

/** Returns `form - ceiling(-constant / divisor)`. */
function aboveQuotient(
  form: ReadonlyMap<Monomial, bigint>,
  constant: bigint,
  divisor: bigint,
): Polynomial {
  const [above, below] = divisor < 0n ? [constant, -divisor] : [-constant, divisor];
  const ceiling = above / below + (above > 0n && above % below !== 0n ? 1n : 0n);
  const terms = [...form].sort(([left], [right]) => (left < right ? -1 : 1));
  if (ceiling !== 0n) terms.unshift(["", -ceiling]);
  return {
    monomials: terms.map(([monomial]) => monomial),
    coefficients: terms.map(([, coefficient]) => coefficient),
    denominator: 1n,
  };
}
