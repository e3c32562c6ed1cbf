import { bound, type Meter, spend } from "./limits.ts";
import type { Polynomial } from "./polynomial.ts";

/** A literal: `2 * variable`, plus 1 if negated. Variable 0 is true. */
export type Literal = number;

export const truth: Literal = 0;
export const falsehood: Literal = 1;

export function negate(literal: Literal): Literal {
  return literal ^ 1;
}

/** A sort; `index` and `element` are indexes of sorts. */
export type NodeSort =
  | { readonly type: "boolean" }
  | { readonly type: "integer" }
  | { readonly type: "real" }
  | { readonly type: "bits"; readonly width: number }
  | { readonly type: "array"; readonly index: number; readonly element: number }
  | { readonly type: "uninterpreted"; readonly name: string };

/** The indexes of the sorts that every problem has. */
export const booleanSort = 0;
export const integerSort = 1;
export const realSort = 2;

/** A term. Terms of one structure are one node; operands have lower indexes than what uses them. */
export interface Node {
  /** The last column of the table in `terms.ts`, the type of a term that is not there, or `fresh`. */
  readonly operator: string;
  readonly sort: number;
  readonly operands: readonly number[];
  /**
   * The value of a `constant` (of a real: `numerator/denominator`), the index of the name of a
   * `symbol` or `apply`, the lowest bit of an `extract`, the two arrays of a `fresh` index.
   */
  readonly detail: string;
}

/** A number that nothing but clauses defines: the value of `node`. Only reals are no integers. */
export interface Unknown {
  readonly node: number;
  readonly integer: boolean;
}

/** `polynomial >= 0`, or `> 0` if strict. */
export interface Atom {
  readonly polynomial: Polynomial;
  readonly strict: boolean;
}

/**
 * An obligation as clauses, and what their variables stand for.
 *
 * Invariant: in every model of `assumptions and not goal`, each node has a value. Number the values
 * of nodes of uninterpreted and array sorts by integers, different values by different ones: there
 * are finitely many, and formulas without quantifiers ask nothing of them but equality. Then
 * unknowns, atoms and boolean nodes have values too, each gate has one by its definition, and *all
 * clauses are true*. Whatever adds a clause says why it keeps this. Hence, if the clauses
 * contradict each other, there is no such model: the obligation holds.
 */
export interface Problem {
  readonly meter: Meter;
  readonly sorts: NodeSort[];
  readonly sortIds: Map<string, number>;
  readonly nodes: Node[];
  readonly nodeIds: Map<string, number>;
  /** Results of `select` at an index, by index and then by array (`readElement`). */
  readonly reads: Map<number, Map<number, number>>;
  readonly unknowns: Unknown[];
  variables: number;
  /** By variable; `undefined` for a gate and for a boolean that nothing defines. */
  readonly atoms: (Atom | undefined)[];
  readonly atomIds: Map<string, number>;
  readonly gateIds: Map<number, Literal>;
  readonly clauses: (readonly Literal[])[];
  /** By node, of sort boolean, bits (least significant first; a boolean is one bit) and all others. */
  readonly literals: (Literal | undefined)[];
  readonly bits: (readonly Literal[] | undefined)[];
  readonly polynomials: (Polynomial | undefined)[];
  /** How many nodes have a value. */
  valued: number;
}

export function createProblem(meter: Meter): Problem {
  const lists = { sorts: [], nodes: [], unknowns: [], atoms: [undefined], clauses: [] };
  const ids = { sortIds: new Map(), nodeIds: new Map(), atomIds: new Map(), gateIds: new Map() };
  const values = { literals: [], bits: [], polynomials: [], valued: 0 };
  const problem = { meter, variables: 1, reads: new Map(), ...lists, ...ids, ...values };
  for (const type of ["boolean", "integer", "real"] as const) addSort(problem, { type });
  return problem;
}

/** The index of a sort. Only a name can have a space, so no two sorts have one key. */
export function addSort(problem: Problem, sort: NodeSort): number {
  const key = Object.values(sort).join(" ");
  const known = problem.sortIds.get(key);
  if (known !== undefined) return known;
  bound(problem.meter, "terms", problem.sorts.length);
  problem.sortIds.set(key, problem.sorts.length);
  return problem.sorts.push(sort) - 1;
}

/** The index of a node. Whoever calls has checked its sort. */
export function addNode(
  problem: Problem,
  operator: string,
  sort: number,
  operands: readonly number[],
  detail = "",
): number {
  spend(problem.meter, 40 + 5 * operands.length);
  const node = { operator, sort, operands, detail };
  const key = nodeKey(node);
  const known = problem.nodeIds.get(key);
  if (known !== undefined) return known;
  bound(problem.meter, "terms", problem.nodes.length);
  problem.nodeIds.set(key, problem.nodes.length);
  return problem.nodes.push(node) - 1;
}

/** A text that no other node has: operators have no space, and numbers no semicolon. */
export function nodeKey({ operator, sort, operands, detail }: Node): string {
  return `${operator} ${sort} ${operands.join(" ")};${detail}`;
}

export function addUnknown(problem: Problem, unknown: Unknown): number {
  bound(problem.meter, "unknowns", problem.unknowns.length);
  return problem.unknowns.push(unknown) - 1;
}

export function addVariable(problem: Problem, atom?: Atom): Literal {
  spend(problem.meter, 60);
  bound(problem.meter, "variables", problem.variables);
  problem.atoms.push(atom);
  return 2 * problem.variables++;
}

/**
 * Adds a clause. One with a true literal, or a literal and its negation, is true anyway and left
 * out; false literals and repetitions change nothing.
 */
export function addClause(problem: Problem, literals: readonly Literal[]): void {
  spend(problem.meter, 10 + 5 * literals.length);
  const kept = distinct(literals, falsehood);
  if (kept !== undefined) problem.clauses.push(kept);
}

/** Literals in order, once each, without `neutral`; undefined if one and its negation are there. */
export function distinct(literals: readonly Literal[], neutral: Literal): Literal[] | undefined {
  const kept: Literal[] = [];
  // A literal and its negation are neighbours.
  for (const literal of literals.length > 1 ? literals.toSorted(ascending) : literals) {
    if (literal === negate(neutral) || kept.at(-1) === negate(literal)) return undefined;
    if (literal !== neutral && kept.at(-1) !== literal) kept.push(literal);
  }
  return kept;
}

function ascending(left: number, right: number): number {
  return left - right;
}
