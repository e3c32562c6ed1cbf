import { bound, type Meter, spend } from "./limits.ts";
import type { Polynomial } from "./polynomial.ts";

/** Literal: `2 * variable`, plus 1 if negated. Variable 0 is always true. */
export type Literal = number;

export const truth: Literal = 0;
export const falsehood: Literal = 1;

export function negate(literal: Literal): Literal {
  return literal ^ 1;
}

/**
 * Sort of a node. The `index` and `element` of an array sort are indexes into the problem's sorts.
 */
export type NodeSort =
  | { readonly type: "boolean" }
  | { readonly type: "integer" }
  | { readonly type: "real" }
  | { readonly type: "bits"; readonly width: number }
  | { readonly type: "array"; readonly index: number; readonly element: number }
  | { readonly type: "uninterpreted"; readonly name: string };

/** Index of the sort of booleans in every problem's list of sorts. */
export const booleanSort = 0;
/** Index of the sort of integers in every problem's list of sorts. */
export const integerSort = 1;
/** Index of the sort of reals in every problem's list of sorts. */
export const realSort = 2;

/** Node of a term. Terms of equal structure are one node, and operands have lower indexes. */
export interface Node {
  /**
   * Operator, by its name in the last column of the table in `terms.ts`. For a term that is not in
   * the table, it is the type of the term. `fresh` is an index at which two arrays differ.
   */
  readonly operator: string;
  readonly sort: number;
  readonly operands: readonly number[];
  /**
   * Value of a `constant` (`numerator/denominator` for a real), index of the name of a `symbol` or
   * `apply`, lowest bit of an `extract`, or the two arrays of a `fresh` index. Empty for other
   * operators.
   */
  readonly detail: string;
}

/**
 * Unknown of the polynomials: the value of `node`, a number that only clauses describe. `integer`
 * is false only for the sort real.
 */
export interface Unknown {
  readonly node: number;
  readonly integer: boolean;
}

/** Inequality `polynomial >= 0`, or `polynomial > 0` if `strict`. */
export interface Atom {
  readonly polynomial: Polynomial;
  readonly strict: boolean;
}

/**
 * Obligation as clauses, with the meanings of their variables.
 *
 * Invariant: in every model of `assumptions and not goal`, each node has a value. Number the values
 * of the nodes of uninterpreted and array sorts by integers, so that different values have
 * different numbers. This is possible because there are finitely many, and formulas without
 * quantifiers only compare them for equality. Then unknowns, atoms and boolean nodes have values
 * too, each gate has a value by its definition, and *all clauses are true*. Each function that adds
 * a clause states why it keeps the invariant. Hence, if the clauses contradict each other, there is
 * no such model: the obligation holds.
 */
export interface Problem {
  readonly meter: Meter;
  readonly sorts: NodeSort[];
  readonly sortIds: Map<string, number>;
  readonly nodes: Node[];
  readonly nodeIds: Map<string, number>;
  /** Nodes that `readElement` returned, by index and then by array. */
  readonly reads: Map<number, Map<number, number>>;
  readonly unknowns: Unknown[];
  variables: number;
  /** Atoms by variable. Undefined for a gate, and for a boolean that no clause defines. */
  readonly atoms: (Atom | undefined)[];
  readonly atomIds: Map<string, number>;
  readonly gateIds: Map<number, Literal>;
  readonly clauses: (readonly Literal[])[];
  /** Literals of boolean nodes, by node. Undefined for nodes of other sorts. */
  readonly literals: (Literal | undefined)[];
  /**
   * Bits of bit vectors, as literals with the least significant first, by node. A boolean node has
   * its literal as one bit. Undefined for nodes of other sorts.
   */
  readonly bits: (readonly Literal[] | undefined)[];
  /**
   * Values of nodes that are neither boolean nor bit vectors, as polynomials, by node. Undefined
   * for booleans and bit vectors.
   */
  readonly polynomials: (Polynomial | undefined)[];
  /** Number of nodes, from the first on, that have a value. */
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

/**
 * Returns the index of a sort, and adds it if it is new. Only a name can contain a space, so no two
 * sorts have the same key.
 */
export function addSort(problem: Problem, sort: NodeSort): number {
  const key = Object.values(sort).join(" ");
  const known = problem.sortIds.get(key);
  if (known !== undefined) return known;
  bound(problem.meter, "terms", problem.sorts.length);
  problem.sortIds.set(key, problem.sorts.length);
  return problem.sorts.push(sort) - 1;
}

/** Returns the index of a node, and adds it if it is new. The caller must have checked its sort. */
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

/** Returns the unique key of a node. Operators contain no space, and numbers no semicolon. */
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
 * Adds a clause. A clause that is always true, because it contains a true literal or a literal and
 * its negation, is left out. False literals and repetitions are dropped.
 */
export function addClause(problem: Problem, literals: readonly Literal[]): void {
  spend(problem.meter, 10 + 5 * literals.length);
  const kept = distinct(literals, falsehood);
  if (kept !== undefined) problem.clauses.push(kept);
}

/**
 * Returns the literals in ascending order, each once, without `neutral`. Undefined if they contain
 * the negation of `neutral`, or a literal and its negation.
 */
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
