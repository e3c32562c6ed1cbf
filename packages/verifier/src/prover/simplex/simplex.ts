import { type Budget, spend, spendOn, spendParts } from "../budget/budget.ts";
import {
  addRational,
  compareRational,
  divideRational,
  multiplyRational,
  negateRational,
  type Rational,
  signOf,
  subtractRational,
} from "../budget/rational.ts";
import { addEntry, addMultiple, type Row, type RowSpace, removeEntry } from "./rows.ts";

/**
 * General simplex of Dutertre and de Moura, "A Fast Linear-Arithmetic Solver for DPLL(T)" (CAV
 * 2006). It has a tableau of rows `basic = sum of coefficient * nonbasic`, and bounds that the
 * search asserts and restores. Its assignment keeps every nonbasic variable within its bounds.
 *
 * A value is `value + delta * e` for an infinitesimal e > 0, so that strict bounds are exact.
 */
export interface Simplex extends RowSpace {
  readonly lower: (Bound | undefined)[];
  readonly upper: (Bound | undefined)[];
  readonly value: Rational[];
  readonly delta: Rational[];
  readonly rows: Row[];
  /** Bounds that were replaced, oldest first, so that they can be restored. */
  readonly trail: Replaced[];
  /** Variables that may violate a bound. Those that are not basic any more are skipped. */
  readonly suspects: number[];
  readonly isSuspect: boolean[];
  /** Whether any strict bound was asserted. */
  strict: boolean;
}

/**
 * Bound of a variable. `reason` is the name that the caller gave to the bound; `Infeasible` returns
 * it.
 */
export interface Bound {
  readonly value: Rational;
  /** 1 for a strict lower bound, -1 for a strict upper bound, otherwise 0. */
  readonly delta: number;
  readonly reason: number;
}

interface Replaced {
  readonly variable: number;
  readonly isUpper: boolean;
  readonly bound: Bound | undefined;
}

/**
 * Bounds that cannot hold together, each with a positive multiplier. Written as inequalities and
 * added up with these multipliers, they give `0 >= a positive number`.
 */
export type Infeasible = readonly { readonly reason: number; readonly multiplier: Rational }[];

export function createSimplex(budget: Budget): Simplex {
  return {
    budget,
    lower: [],
    upper: [],
    value: [],
    delta: [],
    rowOf: [],
    columns: [],
    rows: [],
    trail: [],
    suspects: [],
    isSuspect: [],
    strict: false,
    place: [],
  };
}

/** Adds an unbounded variable and returns its index. */
export function addVariable(simplex: Simplex): number {
  const variable = simplex.value.length;
  simplex.lower.push(undefined);
  simplex.upper.push(undefined);
  simplex.value.push(0);
  simplex.delta.push(0);
  simplex.rowOf.push(undefined);
  simplex.columns.push(new Set());
  simplex.isSuspect.push(false);
  simplex.place.push(-1);
  return variable;
}

/** Adds a variable that equals a linear form of other variables, and returns its index. */
export function addForm(
  simplex: Simplex,
  form: Iterable<readonly [variable: number, coefficient: Rational]>,
): number {
  const basic = addVariable(simplex);
  const row: Row = { basic, variables: [], coefficients: [] };
  for (const [variable, coefficient] of form) {
    const other = simplex.rowOf[variable];
    if (other === undefined) addEntry(simplex, row, variable, coefficient);
    else addMultiple(simplex, row, other, coefficient);
  }
  simplex.rows.push(row);
  simplex.rowOf[basic] = row;
  for (const variable of row.variables) simplex.columns[variable]?.add(row);
  setFromRow(simplex, row);
  return basic;
}

/**
 * Asserts a bound. Returns the conflict if it contradicts the opposite bound of the variable,
 * otherwise undefined.
 */
export function assertBound(
  simplex: Simplex,
  variable: number,
  isUpper: boolean,
  bound: Bound,
): Infeasible | undefined {
  const same = (isUpper ? simplex.upper : simplex.lower)[variable];
  const order = same === undefined ? 0 : compareBounds(bound, same);
  if (same !== undefined && (isUpper ? order >= 0 : order <= 0)) return undefined;
  const opposite = (isUpper ? simplex.lower : simplex.upper)[variable];
  if (opposite !== undefined) {
    const gap = compareBounds(bound, opposite);
    if (isUpper ? gap < 0 : gap > 0) {
      return [
        { reason: bound.reason, multiplier: 1 },
        { reason: opposite.reason, multiplier: 1 },
      ];
    }
  }
  simplex.trail.push({ variable, isUpper, bound: same });
  (isUpper ? simplex.upper : simplex.lower)[variable] = bound;
  if (bound.delta !== 0) simplex.strict = true;
  if (simplex.rowOf[variable] !== undefined) suspect(simplex, variable);
  else {
    const gap = compareToBound(simplex, variable, bound);
    if (isUpper ? gap > 0 : gap < 0) moveNonbasic(simplex, variable, bound);
  }
  return undefined;
}

/** Undoes bounds, until the trail has the given length. */
export function restoreBounds(simplex: Simplex, length: number): void {
  while (simplex.trail.length > length) {
    const last = simplex.trail.pop();
    if (last === undefined) return;
    (last.isUpper ? simplex.upper : simplex.lower)[last.variable] = last.bound;
  }
}

/** Number of pivots in one check after which Bland's rule is used, which guarantees termination. */
const blandAfter = 200;

/**
 * Checks all bounds together. Returns the bounds that contradict each other, or undefined if the
 * assignment satisfies all.
 */
export function checkBounds(simplex: Simplex): Infeasible | undefined {
  for (let pivots = 0; ; pivots++) {
    const basic = nextViolated(simplex);
    if (basic === undefined) return undefined;
    const row = simplex.rowOf[basic];
    if (row === undefined) return undefined;
    const lower = simplex.lower[basic];
    const isLow = lower !== undefined && compareToBound(simplex, basic, lower) < 0;
    const bound = isLow ? lower : simplex.upper[basic];
    if (bound === undefined) return undefined;
    const at = entering(simplex, row, isLow, pivots > blandAfter);
    // The variable stays a suspect: the next check may have other bounds.
    suspect(simplex, basic);
    if (at < 0) return explain(simplex, row, isLow, bound);
    pivotAndMove(simplex, row, at, bound);
  }
}

function nextViolated(simplex: Simplex): number | undefined {
  const { suspects, isSuspect } = simplex;
  let best = -1;
  let kept = 0;
  spendParts(simplex.budget, 4 * suspects.length);
  for (const variable of suspects) {
    if (simplex.rowOf[variable] === undefined || !isViolated(simplex, variable)) {
      isSuspect[variable] = false;
      continue;
    }
    suspects[kept++] = variable;
    if (best < 0 || variable < best) best = variable;
  }
  suspects.length = kept;
  return best < 0 ? undefined : best;
}

function isViolated(simplex: Simplex, variable: number): boolean {
  const lower = simplex.lower[variable];
  if (lower !== undefined && compareToBound(simplex, variable, lower) < 0) return true;
  const upper = simplex.upper[variable];
  return upper !== undefined && compareToBound(simplex, variable, upper) > 0;
}

/**
 * Returns the index in a row of a nonbasic variable that can move the basic variable towards its
 * bound, or -1 if there is none.
 */
function entering(simplex: Simplex, row: Row, isLow: boolean, isBland: boolean): number {
  let best = -1;
  let bestVariable = 0;
  let bestSize = 0;
  for (let at = 0; at < row.variables.length; at++) {
    const variable = row.variables[at] ?? 0;
    const rises = signOf(row.coefficients[at] ?? 0) > 0 === isLow;
    const bound = (rises ? simplex.upper : simplex.lower)[variable];
    if (bound !== undefined && compareToBound(simplex, variable, bound) === 0) continue;
    const size = isBland ? 0 : (simplex.columns[variable]?.size ?? 0);
    if (best < 0 || size < bestSize || (size === bestSize && variable < bestVariable)) {
      best = at;
      bestVariable = variable;
      bestSize = size;
    }
  }
  spend(simplex.budget, row.variables.length);
  return best;
}

function explain(simplex: Simplex, row: Row, isLow: boolean, bound: Bound): Infeasible {
  spendParts(simplex.budget, 4 * row.variables.length);
  const entries: Infeasible[number][] = [{ reason: bound.reason, multiplier: 1 }];
  row.variables.forEach((variable, at) => {
    const coefficient = row.coefficients[at] ?? 0;
    const rises = signOf(coefficient) > 0;
    const other = (rises === isLow ? simplex.upper : simplex.lower)[variable];
    if (other === undefined) return;
    entries.push({
      reason: other.reason,
      multiplier: rises ? coefficient : negateRational(coefficient),
    });
  });
  return entries;
}

/**
 * Moves the basic variable of a row to its bound, and exchanges it with the nonbasic variable at
 * index `at` of the row.
 */
function pivotAndMove(simplex: Simplex, row: Row, at: number, bound: Bound): void {
  const { basic } = row;
  spend(simplex.budget, 1);
  const entered = row.variables[at] ?? 0;
  const coefficient = row.coefficients[at] ?? 1;
  const step = divideRational(
    subtractRational(bound.value, simplex.value[basic] ?? 0),
    coefficient,
  );
  const deltaStep = simplex.strict
    ? divideRational(subtractRational(bound.delta, simplex.delta[basic] ?? 0), coefficient)
    : 0;
  moveBy(simplex, entered, step, deltaStep);
  simplex.value[basic] = bound.value;
  if (simplex.strict) simplex.delta[basic] = bound.delta;
  solveFor(simplex, row, at);
  const others = [...(simplex.columns[entered] ?? [])];
  for (const other of others) {
    if (other !== row) substitute(simplex, other, row);
  }
  simplex.columns[entered] = new Set();
  suspect(simplex, entered);
}

/** Solves a row for its variable at index `at`, which becomes the basic variable. */
function solveFor(simplex: Simplex, row: Row, at: number): void {
  const left = row.basic;
  const entered = row.variables[at] ?? 0;
  const coefficient = row.coefficients[at] ?? 1;
  for (let other = 0; other < row.variables.length; other++) {
    const value = row.coefficients[other] ?? 0;
    const quotient = negateRational(divideRational(value, coefficient));
    row.coefficients[other] = quotient;
    if (typeof quotient !== "number") spendOn(simplex.budget, quotient);
  }
  row.variables[at] = left;
  row.coefficients[at] = divideRational(1, coefficient);
  row.basic = entered;
  simplex.rowOf[left] = undefined;
  simplex.rowOf[entered] = row;
  simplex.columns[left] = new Set([row]);
}

/** Replaces the basic variable of `source` in the row `target` by the sum that `source` gives. */
function substitute(simplex: Simplex, target: Row, source: Row): void {
  const at = target.variables.indexOf(source.basic);
  spendParts(simplex.budget, 4 + (target.variables.length >> 3));
  const factor = target.coefficients[at];
  if (at < 0 || factor === undefined) return;
  removeEntry(target, at);
  addMultiple(simplex, target, source, factor);
}

function setFromRow(simplex: Simplex, row: Row): void {
  let value: Rational = 0;
  let delta: Rational = 0;
  spendParts(simplex.budget, 4 * row.variables.length);
  for (let at = 0; at < row.variables.length; at++) {
    const variable = row.variables[at] ?? 0;
    const coefficient = row.coefficients[at] ?? 0;
    value = addRational(value, multiplyRational(coefficient, simplex.value[variable] ?? 0));
    if (typeof value !== "number") spendOn(simplex.budget, value);
    if (simplex.strict) {
      delta = addRational(delta, multiplyRational(coefficient, simplex.delta[variable] ?? 0));
    }
  }
  simplex.value[row.basic] = value;
  simplex.delta[row.basic] = delta;
}

function moveNonbasic(simplex: Simplex, variable: number, bound: Bound): void {
  const step = subtractRational(bound.value, simplex.value[variable] ?? 0);
  const deltaStep = simplex.strict
    ? subtractRational(bound.delta, simplex.delta[variable] ?? 0)
    : 0;
  moveBy(simplex, variable, step, deltaStep);
}

/** Moves a nonbasic variable by a step, and every basic variable that depends on it. */
function moveBy(simplex: Simplex, variable: number, step: Rational, deltaStep: Rational): void {
  const { value, delta } = simplex;
  value[variable] = addRational(value[variable] ?? 0, step);
  if (deltaStep !== 0) delta[variable] = addRational(delta[variable] ?? 0, deltaStep);
  const rows = simplex.columns[variable];
  if (rows === undefined) return;
  for (const row of rows) {
    const coefficient = row.coefficients[row.variables.indexOf(variable)] ?? 0;
    spendParts(simplex.budget, row.variables.length >> 3);
    const { basic } = row;
    const moved = addRational(value[basic] ?? 0, multiplyRational(coefficient, step));
    value[basic] = moved;
    if (typeof moved !== "number") spendOn(simplex.budget, moved);
    if (deltaStep !== 0) {
      delta[basic] = addRational(delta[basic] ?? 0, multiplyRational(coefficient, deltaStep));
    }
    suspect(simplex, basic);
  }
  spend(simplex.budget, rows.size);
}

function suspect(simplex: Simplex, variable: number): void {
  if (simplex.isSuspect[variable] === true) return;
  simplex.isSuspect[variable] = true;
  simplex.suspects.push(variable);
}

/** Compares the values of two bounds. Negative if the left one is lower, 0 if they are equal. */
export function compareBounds(left: Bound, right: Bound): number {
  return compareRational(left.value, right.value) || left.delta - right.delta;
}

function compareToBound(simplex: Simplex, variable: number, bound: Bound): number {
  const order = compareRational(simplex.value[variable] ?? 0, bound.value);
  if (order !== 0 || !simplex.strict) return order;
  return compareRational(simplex.delta[variable] ?? 0, bound.delta);
}
