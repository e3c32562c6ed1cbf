import { bound, type Meter, spend } from "./limits.ts";
import type { Polynomial } from "./polynomial.ts";

/** A literal: `2 * variable`, plus 1 if negated. Variable 0 is true. */
export type Literal = number;

export const truth: Literal = 0;
export const falsehood: Literal = 1;

/** The literal that is true when `literal` is false. */
export function negate(literal: Literal): Literal {
  return literal ^ 1;
}

/** A sort, by what it is made of; numbers are indexes into `Problem.sorts`. */
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

/** What a node computes from its operands. */
export type Operator =
  | "constant"
  | "symbol"
  | "apply"
  | "fresh"
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "modulo"
  | "quotient"
  | "to-real"
  | "floor"
  | "less"
  | "at-most"
  | "equal"
  | "not"
  | "and"
  | "or"
  | "if"
  | "select"
  | "store"
  | "constant-array"
  | "bits-complement"
  | "bits-and"
  | "bits-or"
  | "bits-exclusive-or"
  | "bits-add"
  | "bits-multiply"
  | "bits-divide"
  | "bits-remainder"
  | "bits-shift-left"
  | "bits-shift-right"
  | "bits-shift-right-arithmetic"
  | "bits-concatenate"
  | "extract"
  | "unsigned-less"
  | "signed-less";

/** A term. Terms of one structure are one node, and operands stand before what uses them. */
export interface Node {
  readonly operator: Operator;
  readonly sort: number;
  readonly operands: readonly number[];
  /**
   * `constant`: its value (of a real `numerator/denominator`); `symbol`, `apply`: the index of the
   * name; `extract`: the lowest bit; `fresh`: the two arrays. Else empty.
   */
  readonly detail: string;
}

/** A number that nothing but clauses defines: the value of `node`. */
export interface Unknown {
  readonly node: number;
  /** False for sort real. */
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
 * Meaning: a model of `assumptions and not goal` gives each node a value. Number the finitely many
 * values of nodes of uninterpreted and array sorts by distinct integers. Then each unknown, atom
 * and boolean node has one value, each gate has one that makes its clauses true, and *every clause
 * is true*. Each function that adds a clause keeps that; so a contradiction among the clauses shows
 * that there is no such model. Distinct integers exist because only finitely many values occur, and
 * equality is all that a term can ask of them (there are no quantifiers).
 */
export interface Problem {
  readonly meter: Meter;
  readonly sorts: NodeSort[];
  readonly sortIds: Map<string, number>;
  readonly nodes: Node[];
  readonly nodeIds: Map<string, number>;
  /** Results of `select`, by index and then by array (`arrays.ts`). */
  readonly reads: Map<number, Map<number, number>>;
  readonly unknowns: Unknown[];
  /** How many variables there are. */
  variables: number;
  /** By variable; `undefined` for a gate, and for a boolean that nothing defines. */
  readonly atoms: (Atom | undefined)[];
  readonly atomIds: Map<string, number>;
  readonly gateIds: Map<number, number>;
  readonly clauses: (readonly Literal[])[];
  /** The value of each node, in one of three lists by its sort. */
  readonly literals: (Literal | undefined)[];
  readonly bits: (readonly Literal[] | undefined)[];
  readonly polynomials: (Polynomial | undefined)[];
  /** How many nodes have a value. */
  valued: number;
}

/** A problem without clauses. */
export function createProblem(meter: Meter): Problem {
  const problem: Problem = {
    meter,
    sorts: [],
    sortIds: new Map(),
    nodes: [],
    nodeIds: new Map(),
    reads: new Map(),
    unknowns: [],
    variables: 1,
    atoms: [undefined],
    atomIds: new Map(),
    gateIds: new Map(),
    clauses: [],
    literals: [],
    bits: [],
    polynomials: [],
    valued: 0,
  };
  addSort(problem, { type: "boolean" });
  addSort(problem, { type: "integer" });
  addSort(problem, { type: "real" });
  return problem;
}

/** The index of a sort; sorts of one structure are one. */
export function addSort(problem: Problem, sort: NodeSort): number {
  const parts = Object.values(sort);
  // At most one part is a name, and it is the last: no two sorts have one key.
  const key = parts.join(" ");
  const known = problem.sortIds.get(key);
  if (known !== undefined) return known;
  bound(problem.meter, "terms", problem.sorts.length);
  problem.sortIds.set(key, problem.sorts.length);
  return problem.sorts.push(sort) - 1;
}

/** The index of a node; nodes of one structure are one. The caller has checked the sorts. */
export function addNode(problem: Problem, node: Node): number {
  const key = `${node.operator} ${node.sort} ${node.operands.join(" ")};${node.detail}`;
  const known = problem.nodeIds.get(key);
  if (known !== undefined) return known;
  spend(problem.meter, 10 + node.operands.length);
  bound(problem.meter, "terms", problem.nodes.length);
  problem.nodeIds.set(key, problem.nodes.length);
  return problem.nodes.push(node) - 1;
}

/** A new unknown: the value of a node. */
export function addUnknown(problem: Problem, node: number, integer: boolean): number {
  bound(problem.meter, "unknowns", problem.unknowns.length);
  return problem.unknowns.push({ node, integer }) - 1;
}

/** The literal of a new variable. */
export function addVariable(problem: Problem, atom?: Atom): Literal {
  bound(problem.meter, "variables", problem.variables);
  problem.atoms.push(atom);
  return 2 * problem.variables++;
}

/**
 * Adds a clause that is true in every model. A clause with a true literal or with a literal and its
 * negation says nothing and is left out; false literals and repetitions add nothing to a clause.
 */
export function addClause(problem: Problem, literals: readonly Literal[]): void {
  spend(problem.meter, 5 + literals.length);
  const kept = new Set<Literal>();
  for (const literal of literals) {
    if (literal === truth || kept.has(negate(literal))) return;
    if (literal !== falsehood) kept.add(literal);
  }
  problem.clauses.push([...kept]);
}
