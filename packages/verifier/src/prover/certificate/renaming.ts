import { atomKey, atomLiteral } from "../../kernel/atoms.ts";
import type { Monomial, Polynomial } from "../../kernel/polynomial.ts";
import type { Problem } from "../../kernel/problem.ts";
import type { Budget } from "../budget/budget.ts";
import { type ProblemSize, sizeOf } from "../state/problem-size.ts";

/**
 * Map from the ids of nodes, unknowns and variables in the search's problem to their ids in the
 * certificate's problem. The latter is the problem that the kernel builds when it checks the
 * certificate. A certificate leaves out steps that are not needed, so later steps make other ids
 * there.
 */
export interface Renaming {
  readonly budget: Budget;
  readonly from: Problem;
  readonly to: Problem;
  /** Sizes of the problem before any step. Ids below these sizes are the same in both problems. */
  readonly base: ProblemSize;
  readonly nodes: Map<number, number>;
  /** Literal in the certificate's problem for each variable of the search that is not an atom. */
  readonly variables: Map<number, number>;
  /**
   * Output variables of the gates of more than two inputs in `to`, by their inputs. So far the
   * first `clausesTaken` clauses of `to` were searched for such gates.
   */
  readonly gates: Map<string, number>;
  clausesTaken: number;
  /** Gates of the search's problem. Undefined until the first gate has to be renamed. */
  made: MadeGates | undefined;
}

/**
 * Gates by output variable: for a gate of two inputs its code, a number that encodes the inputs;
 * for a gate of more inputs the clause that has all of them.
 */
export interface MadeGates {
  readonly codes: ReadonlyMap<number, number>;
  readonly definitions: ReadonlyMap<number, readonly number[]>;
}

export function createRenaming(from: Problem, to: Problem, budget: Budget): Renaming {
  return {
    budget,
    from,
    to,
    base: sizeOf(to),
    nodes: new Map(),
    variables: new Map(),
    gates: new Map(),
    clausesTaken: 0,
    made: undefined,
  };
}

/**
 * Returns a node's id in the certificate's problem. Undefined if no written step has made the node.
 */
export function renameNode(renaming: Renaming, node: number): number | undefined {
  if (node < renaming.base.nodes) return node;
  return renaming.nodes.get(node);
}

export function renameMonomial(renaming: Renaming, monomial: Monomial): Monomial | undefined {
  if (isOld(renaming, monomial)) return monomial;
  const codes: number[] = [];
  for (let at = 0; at < monomial.length; at++) {
    const unknown = renameUnknown(renaming, monomial.charCodeAt(at) - 1);
    if (unknown === undefined) return undefined;
    codes.push(unknown + 1);
  }
  return String.fromCharCode(...codes.sort((left, right) => left - right));
}

function isOld({ base }: Renaming, monomial: Monomial): boolean {
  for (let at = 0; at < monomial.length; at++) {
    if (monomial.charCodeAt(at) > base.unknowns) return false;
  }
  return true;
}

/**
 * Returns the id of an unknown in the certificate's problem. An unknown is the value of a node, and
 * is found by the node's id. Undefined if no written step has made the node.
 */
function renameUnknown(renaming: Renaming, unknown: number): number | undefined {
  const node = renaming.from.unknowns[unknown]?.node;
  const renamed = node === undefined ? undefined : renameNode(renaming, node);
  const polynomial = renamed === undefined ? undefined : renaming.to.polynomials[renamed];
  const [monomial] = polynomial?.monomials ?? [];
  return monomial === undefined ? undefined : monomial.charCodeAt(0) - 1;
}

export function renamePolynomial(
  renaming: Renaming,
  polynomial: Polynomial,
): Polynomial | undefined {
  const terms: (readonly [Monomial, bigint])[] = [];
  for (const [at, monomial] of polynomial.monomials.entries()) {
    const renamed = renameMonomial(renaming, monomial);
    if (renamed === undefined) return undefined;
    terms.push([renamed, polynomial.coefficients[at] ?? 0n]);
  }
  terms.sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    monomials: terms.map(([monomial]) => monomial),
    coefficients: terms.map(([, coefficient]) => coefficient),
    denominator: polynomial.denominator,
  };
}

/**
 * Returns the literal of the certificate's problem (see `Renaming`) that corresponds to a literal
 * of the search. If the literal is an atom that the certificate's problem lacks, adds the atom; the
 * caller must then write a step for it. Undefined if no literal corresponds.
 */
export function renameLiteral(renaming: Renaming, literal: number): number | undefined {
  const variable = literal >> 1;
  if (variable < renaming.base.variables) return literal;
  const atom = renaming.from.atoms[variable];
  if (atom !== undefined) {
    const polynomial = renamePolynomial(renaming, atom.polynomial);
    if (polynomial === undefined) return undefined;
    return atomLiteral(renaming.to, polynomial, atom.strict) ^ (literal & 1);
  }
  const renamed = renaming.variables.get(variable);
  return renamed === undefined ? undefined : renamed ^ (literal & 1);
}

/**
 * Returns the literal of the certificate's problem (see `Renaming`) that corresponds to a literal
 * of the search, without adding an atom. Undefined if there is none.
 */
export function findLiteral(renaming: Renaming, literal: number): number | undefined {
  const variable = literal >> 1;
  const atom = renaming.from.atoms[variable];
  if (variable < renaming.base.variables || atom === undefined) {
    return renameLiteral(renaming, literal);
  }
  const polynomial = renamePolynomial(renaming, atom.polynomial);
  if (polynomial === undefined) return undefined;
  const found = renaming.to.atomIds.get(atomKey({ polynomial, strict: atom.strict }));
  return found === undefined ? undefined : 2 * found + (literal & 1);
}
