import type { Atom, Problem } from "../../kernel/problem.ts";
import { type Budget, spendParts } from "../budget/budget.ts";

/**
 * Two atoms, `left >= right` and `right >= left`, that together state that two integer unknowns are
 * equal.
 */
export interface EqualityPair {
  readonly left: number;
  readonly right: number;
  /** Literal of the atom `left - right >= 0`. */
  readonly above: number;
  /** Literal of the atom `right - left >= 0`. */
  readonly below: number;
  /**
   * Literal of the gate that is true exactly if both atoms are. Undefined if the problem has no
   * such gate.
   */
  gate: number | undefined;
}

/** Statement of an atom that the difference `left - right` of two unknowns is at least `bound`. */
export interface Difference {
  readonly left: number;
  readonly right: number;
  readonly bound: 0 | 1;
}

/**
 * Returns the difference that an atom bounds. Undefined if the atom does not have the form `left -
 * right >= 0` or `left - right >= 1` with integer unknowns.
 */
export function differenceOf(problem: Problem, variable: number): Difference | undefined {
  const { polynomial, strict } = problem.atoms[variable] ?? {};
  if (polynomial === undefined || strict === true) return undefined;
  const { monomials, coefficients } = polynomial;
  const first = monomials[0] === "" ? 1 : 0;
  if (monomials.length !== first + 2 || (first === 1 && coefficients[0] !== -1n)) return undefined;
  const [left = "", right = ""] = monomials.slice(first);
  if (left.length !== 1 || right.length !== 1) return undefined;
  if (coefficients[first] !== 1n || coefficients[first + 1] !== -1n) return undefined;
  const [one, other] = [left.charCodeAt(0) - 1, right.charCodeAt(0) - 1];
  const areIntegers = [one, other].every((unknown) => problem.unknowns[unknown]?.integer === true);
  return areIntegers ? { left: one, right: other, bound: first === 1 ? 1 : 0 } : undefined;
}

/**
 * Finds the unknowns that are only compared for equality, such as accounts and values of
 * uninterpreted sorts. Operands of functions, and indexes and elements of arrays, are put into
 * classes, because congruence or reads may compare them later. If one unknown of a class is used as
 * a number, all unknowns of the class count as numbers.
 */
export function pureUnknowns(
  problem: Problem,
  pairs: readonly EqualityPair[],
  budget: Budget,
): Kinds {
  const kinds: Kinds = { budget, parents: new Map(), unknowns: problem.unknowns };
  const byAtom = new Map<number, EqualityPair>();
  for (const pair of pairs) {
    byAtom.set(pair.above >> 1, pair);
    byAtom.set(pair.below >> 1, pair);
    join(kinds, `${pair.left}`, `${pair.right}`);
  }
  problem.atoms.forEach((atom, variable) => {
    spendParts(budget, 2);
    if (atom === undefined || byAtom.has(variable)) return;
    for (const unknown of unknownsOf(atom)) joinNumbers(kinds, unknown);
  });
  problem.clauses.forEach((clause, at) => {
    spendParts(budget, 2 * clause.length);
    const isMirrored = mirrorsOf(problem, at, budget);
    for (const literal of clause) {
      const pair = byAtom.get(literal >> 1);
      if (pair !== undefined && !isMirrored(literal, pair)) {
        joinNumbers(kinds, pair.left);
      }
    }
  });
  problem.nodes.forEach(({ operands }, node) => {
    spendParts(budget, 16 + 8 * operands.length);
    joinOperands(problem, kinds, node);
  });
  return kinds;
}

/** Returns the unknowns of an atom, each as often as it occurs. */
export function unknownsOf({ polynomial }: Atom): readonly number[] {
  return polynomial.monomials.flatMap((monomial) =>
    monomial.split("").map((unknown) => unknown.charCodeAt(0) - 1),
  );
}

/** Records that an unknown is used as a number, so no unknown of its class is pure. */
export function joinNumbers(kinds: Kinds, unknown: number): void {
  join(kinds, `${unknown}`, impure);
}

/**
 * Returns a predicate on a literal of clause `at` and its pair. The predicate holds in two cases:
 * the clause has the negations of both atoms of the pair, or the clause before or after it is equal
 * except that it has the pair's other atom in place of this literal.
 */
function mirrorsOf(
  { clauses }: Problem,
  at: number,
  budget: Budget,
): (literal: number, pair: EqualityPair) => boolean {
  const clause = clauses[at] ?? [];
  let own: Set<number> | undefined;
  let mirrors: readonly Mirror[] | undefined;
  return (literal, { above, below }) => {
    own ??= new Set(clause);
    if (own.has(above ^ 1) && own.has(below ^ 1)) return true;
    const other = literal === above ? below : literal === below ? above : undefined;
    if (other === undefined) return false;
    mirrors ??= [clauses[at - 1], clauses[at + 1]].flatMap((beside) => {
      spendParts(budget, 8 + 4 * clause.length);
      return beside?.length === clause.length ? mirrorOf(clause, beside) : [];
    });
    return mirrors.some(
      ({ literals, missing }) =>
        literals.has(other) &&
        (missing.length === 0 || (missing.length === 1 && missing[0] === literal)),
    );
  };
}

/**
 * Clause before or after a given clause. `missing` has the literals of the given clause that this
 * one lacks.
 */
interface Mirror {
  readonly literals: ReadonlySet<number>;
  readonly missing: readonly number[];
}

function mirrorOf(clause: readonly number[], beside: readonly number[]): Mirror {
  const literals = new Set(beside);
  return { literals, missing: clause.filter((literal) => !literals.has(literal)) };
}

/**
 * Union-find classes of unknowns and of the places of operands, each named by a string. A class
 * that contains `number` has an unknown that is used as a number.
 */
export interface Kinds {
  readonly budget: Budget;
  readonly parents: Map<string, string>;
  readonly unknowns: Problem["unknowns"];
}

const impure = "number";

/**
 * Returns the root of the union-find class of a name. Halves the path on the way (Tarjan and van
 * Leeuwen, JACM 1984), so that paths stay short.
 */
function rootOf({ parents, budget }: Kinds, name: string): string {
  let root = name;
  for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) {
    spendParts(budget, 4);
    const above = parents.get(parent);
    if (above !== undefined) parents.set(root, above);
    root = above ?? parent;
  }
  return root;
}

/** Joins two union-find classes. */
export function join(kinds: Kinds, left: string, right: string): void {
  const [a, b] = [rootOf(kinds, left), rootOf(kinds, right)];
  if (a !== b) kinds.parents.set(a, b);
}

/** Tells whether an unknown is an integer that is only compared for equality. */
export function isPure(kinds: Kinds, unknown: number): boolean {
  if (kinds.unknowns[unknown]?.integer !== true) return false;
  return rootOf(kinds, `${unknown}`) !== rootOf(kinds, impure);
}

/**
 * Joins each operand of a node with the class of its place, such as the first operand of a function
 * or the index of an array sort. All operands in one place are in one class.
 */
export function joinOperands(problem: Problem, kinds: Kinds, id: number): void {
  const node = problem.nodes[id];
  if (node === undefined) return;
  const { operator, operands, detail } = node;
  const [array = -1] = operands;
  const sort = problem.nodes[operator === "constant-array" ? id : array]?.sort ?? -1;
  const place = (operand: number, name: string): void => {
    const polynomial = problem.polynomials[operand];
    if (polynomial === undefined) return;
    const [monomial = ""] = polynomial.monomials;
    const isUnknown = polynomial.monomials.length === 1 && monomial.length === 1;
    const isWhole = polynomial.coefficients[0] === 1n && polynomial.denominator === 1n;
    join(kinds, name, isUnknown && isWhole ? `${monomial.charCodeAt(0) - 1}` : impure);
  };
  switch (operator) {
    case "apply":
      operands.forEach((operand, at) => place(operand, `${detail} ${at}`));
      return;
    case "select":
      place(operands[1] ?? -1, `index ${sort}`);
      place(id, `element ${sort}`);
      return;
    case "store":
      place(operands[1] ?? -1, `index ${sort}`);
      place(operands[2] ?? -1, `element ${sort}`);
      return;
    case "constant-array":
      place(operands[0] ?? -1, `element ${sort}`);
      return;
    case "fresh":
      place(id, `index ${problem.nodes[Number(detail.split(" ")[0])]?.sort}`);
      return;
    case "divide":
    case "modulo":
    case "quotient":
      for (const operand of operands) place(operand, impure);
      return;
    default:
      return;
  }
}
