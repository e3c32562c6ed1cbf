import { atomKey, atomLiteral } from "../kernel/atoms.ts";
import { gateKey } from "../kernel/gates.ts";
import type { Monomial, Polynomial } from "../kernel/polynomial.ts";
import { nodeKey, type Problem } from "../kernel/problem.ts";
import { type ProblemSize, sizeOf } from "./problem-size.ts";

/**
 * What ids of the search's problem are called in the problem that a certificate builds: a
 * certificate leaves out steps, so what later steps made has other ids there.
 */
export interface Renaming {
  readonly from: Problem;
  readonly to: Problem;
  /** What both have from the obligation itself. */
  readonly base: ProblemSize;
  readonly nodes: Map<number, number>;
  /** Variables without a name of their own: gates of many inputs and booleans. */
  readonly variables: Map<number, number>;
}

export function createRenaming(from: Problem, to: Problem): Renaming {
  return { from, to, base: sizeOf(to), nodes: new Map(), variables: new Map() };
}

/** Returns a node's new id, or undefined when no step has made it. */
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

/** An unknown is the value of its node, which in the other problem is an unknown too. */
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

/** Returns a literal's new name. An atom that does not exist is made, which takes a step. */
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
 * Notes what a step made in both problems: nodes and nameless variables in the order in which it
 * made them. Returns false when the two did not make the same.
 */
export function noteMade(
  renaming: Renaming,
  made: { readonly from: ProblemRange; readonly to: ProblemRange },
): boolean {
  const { from, to } = renaming;
  for (let id = made.from.start.nodes; id < made.from.end.nodes; id++) {
    const node = from.nodes[id];
    if (node === undefined) return false;
    const rename = (one: number): number => renameNode(renaming, one) ?? -1;
    // The detail of a fresh index is its arrays.
    const detail =
      node.operator === "fresh"
        ? node.detail.split(" ").map(Number).map(rename).join(" ")
        : node.detail;
    const operands = node.operands.map(rename);
    const renamed = to.nodeIds.get(nodeKey({ ...node, operands, detail }));
    if (renamed === undefined) return false;
    renaming.nodes.set(id, renamed);
  }
  const olds = namelessIn(from, made.from);
  const news = namelessIn(to, made.to);
  olds.forEach((variable, at) => {
    const renamed = news[at];
    if (renamed !== undefined) renaming.variables.set(variable, 2 * renamed);
  });
  renameGates(renaming, made.from.end.variables);
  return olds.length === news.length;
}

/** Ids from `start` on and before `end`. */
export interface ProblemRange {
  readonly start: ProblemSize;
  readonly end: ProblemSize;
}

/** Gates of two inputs have a name, their inputs; those come first. */
function renameGates(renaming: Renaming, end: number): void {
  const { from, to, base, variables } = renaming;
  for (const [code, output] of from.gateIds) {
    const variable = output >> 1;
    if (variable < base.variables || variable >= end || variables.has(variable)) continue;
    const [left, right, kind] = [
      Math.floor(code / 2 ** 22),
      Math.floor(code / 2) % 2 ** 21,
      code % 2,
    ];
    const [first, second] = [findLiteral(renaming, left), findLiteral(renaming, right)];
    if (first === undefined || second === undefined) continue;
    // An exclusive or is that of the positive literals, and a negated input negates it.
    const isXor = kind === 1;
    const sign = isXor ? (first & 1) ^ (second & 1) : 0;
    const key = isXor ? gateKey(first & ~1, second & ~1, 1) : gateKey(first, second, 0);
    const renamed = to.gateIds.get(key);
    if (renamed !== undefined) variables.set(variable, renamed ^ sign);
  }
}

/** Returns a literal's new name, without making an atom. */
function findLiteral(renaming: Renaming, literal: number): number | undefined {
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

/** Variables that have no other name than the order in which they were made. */
function namelessIn(problem: Problem, { start, end }: ProblemRange): readonly number[] {
  const gates = new Set([...problem.gateIds.values()].map((output) => output >> 1));
  const found: number[] = [];
  for (let variable = start.variables; variable < end.variables; variable++) {
    if (problem.atoms[variable] === undefined && !gates.has(variable)) found.push(variable);
  }
  return found;
}
