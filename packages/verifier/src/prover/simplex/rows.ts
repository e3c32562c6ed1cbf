import { type Budget, spend, spendOn } from "../budget/budget.ts";
import { addRational, multiplyRational, type Rational } from "../budget/rational.ts";

/** Row of the simplex: `basic = sum of coefficient * variable`. */
export interface Row {
  basic: number;
  readonly variables: number[];
  readonly coefficients: Rational[];
}

/** Rows of a tableau, with indexes to find them by variable. */
export interface RowSpace {
  readonly budget: Budget;
  /** Row of each basic variable. Undefined for a nonbasic one. */
  readonly rowOf: (Row | undefined)[];
  /** Rows that contain each nonbasic variable. */
  readonly columns: Set<Row>[];
  /**
   * Index of each variable in the row that is being changed; -1 if the row does not have the
   * variable. Between changes, all are -1.
   */
  readonly place: number[];
}

/** Removes the entry at an index of a row. The last entry takes its place. */
export function removeEntry(row: Row, at: number): void {
  const lastVariable = row.variables.pop();
  const lastCoefficient = row.coefficients.pop();
  if (at < row.variables.length && lastVariable !== undefined && lastCoefficient !== undefined) {
    row.variables[at] = lastVariable;
    row.coefficients[at] = lastCoefficient;
  }
}

/** Adds a multiple of one row to another. Updates `columns` if the target is in the tableau. */
export function addMultiple(space: RowSpace, target: Row, source: Row, factor: Rational): void {
  const { place } = space;
  const isListed = space.rowOf[target.basic] === target;
  for (let at = 0; at < target.variables.length; at++) place[target.variables[at] ?? 0] = at;
  let hasZero = false;
  for (let at = 0; at < source.variables.length; at++) {
    const variable = source.variables[at] ?? 0;
    const addend = multiplyRational(source.coefficients[at] ?? 0, factor);
    const here = place[variable] ?? -1;
    if (here >= 0) {
      const sum = addRational(target.coefficients[here] ?? 0, addend);
      target.coefficients[here] = sum;
      if (sum === 0) hasZero = true;
      else if (typeof sum !== "number") spendOn(space.budget, sum);
    } else {
      place[variable] = target.variables.length;
      target.variables.push(variable);
      target.coefficients.push(addend);
      if (isListed) space.columns[variable]?.add(target);
    }
  }
  for (const variable of target.variables) place[variable] = -1;
  spend(space.budget, target.variables.length + source.variables.length);
  if (hasZero) dropZeros(space, target, isListed);
}

function dropZeros(space: RowSpace, row: Row, isListed: boolean): void {
  for (let at = row.variables.length - 1; at >= 0; at--) {
    if (row.coefficients[at] !== 0) continue;
    if (isListed) space.columns[row.variables[at] ?? 0]?.delete(row);
    removeEntry(row, at);
  }
}

/** Adds a multiple of one variable to a row. */
export function addEntry(space: RowSpace, row: Row, variable: number, coefficient: Rational): void {
  const single: Row = { basic: -1, variables: [variable], coefficients: [coefficient] };
  addMultiple(space, row, single, 1);
}
