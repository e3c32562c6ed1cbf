import type { Node, Problem } from "../../kernel/problem.ts";
import { addCongruence } from "../../kernel/steps.ts";
import { spend, spendOn, spendParts } from "../budget/budget.ts";
import { payFor } from "../budget/paid-meter.ts";
import { denominatorOf, numeratorOf, type Rational } from "../budget/rational.ts";
import { representativeOf } from "../equalities/equalities.ts";
import { isPure } from "../equalities/equality-pairs.ts";
import { valueOf } from "../search/solver.ts";
import { valueOfPolynomial } from "../simplex/forms.ts";
import { addStep, keepOriginal, type SearchState, takeClauses } from "../state/state.ts";
import { notePair } from "./arrays.ts";

/**
 * Adds the congruences that the assignment violates: those of nodes with equal operands and unequal
 * results (Ackermann's reduction, on demand). Tells whether it added any.
 */
export function addViolatedCongruences(state: SearchState): boolean {
  const { problem, congruences } = state;
  takeFreeNodes(state);
  const groups = new Map<string, number[]>();
  let count = 0;
  for (const id of state.free) {
    spend(state.budget, 1);
    const key = keyOf(state, id);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [id]);
      continue;
    }
    // One comparison is enough for numbers; literals may be open, and open ones equal all others.
    const isNumber = problem.polynomials[id] !== undefined && !hasArrays(problem, id);
    const others = isNumber ? group.slice(0, 1) : group;
    for (const other of others) {
      spendParts(state.budget, 8);
      const pair = `${other} ${id}`;
      if (congruences.has(pair) || !differ(state, other, id)) continue;
      congruences.add(pair);
      instantiate(state, other, id);
      count++;
    }
    group.push(id);
  }
  return count > 0;
}

/**
 * Returns a key that nodes of one operator share if their operands have equal values. Operands that
 * are arrays and that the node does not read count as equal.
 */
function keyOf(state: SearchState, id: number): string {
  const { nodes } = state.problem;
  const { operator = "", operands = [], detail = "" } = nodes[id] ?? {};
  let key = `${operator} ${detail}`;
  operands.forEach((operand, at) => {
    spendParts(state.budget, 16);
    const isOpen = isArray(state.problem, operand) && (operator === "apply" || at > 0);
    key += ` ${nodes[operand]?.sort}:${isOpen ? "" : textOf(state, operand)}`;
  });
  return key;
}

/**
 * Tells whether an operand is an array that the node does not read. `keyOf` does not decide whether
 * such an operand equals another.
 */
function hasArrays(problem: Problem, id: number): boolean {
  const { operator, operands = [] } = problem.nodes[id] ?? {};
  const compared = operator === "apply" ? operands : operands.slice(1);
  return compared.some((operand) => isArray(problem, operand));
}

function isArray({ nodes, sorts }: Problem, node: number): boolean {
  return sorts[nodes[node]?.sort ?? -1]?.type === "array";
}

function instantiate(state: SearchState, left: number, right: number): void {
  const { problem } = state;
  const operands = problem.nodes[left]?.operands ?? [];
  const others = problem.nodes[right]?.operands ?? [];
  spend(state.budget, 1 + operands.length);
  operands.forEach((operand, at) => notePair(state, operand, others[at] ?? operand));
  notePair(state, left, right);
  const step = addStep(state, { type: "congruence", left, right });
  keepOriginal(state);
  payFor(state.budget, problem.meter, () => addCongruence(problem, left, right), "search's");
  takeClauses(state, step);
}

function takeFreeNodes(state: SearchState): void {
  const { nodes } = state.problem;
  for (; state.nodesTaken < nodes.length; state.nodesTaken++) {
    spendParts(state.budget, 4);
    const node = nodes[state.nodesTaken];
    if (node !== undefined && isFree(nodes, node)) state.free.push(state.nodesTaken);
  }
}

/**
 * Tells whether a node's operands do not determine its value: it is a function, a read of an array,
 * or a division whose divisor may be 0. Only congruence relates such a value to the operands.
 */
function isFree(nodes: Problem["nodes"], { operator, operands }: Node): boolean {
  switch (operator) {
    case "apply":
    case "select":
      return true;
    case "divide":
    case "modulo":
    case "quotient": {
      // A constant divisor that is not 0 defines the quotient.
      const divisor = nodes[operands[1] ?? -1];
      return divisor?.operator !== "constant" || /^0(\/|$)/.test(divisor.detail);
    }
    default:
      return false;
  }
}

/** Returns a text of a node's value in the assignment. Equal values have equal texts. */
function textOf(state: SearchState, node: number): string {
  const { problem, solver } = state;
  const polynomial = problem.polynomials[node];
  if (polynomial !== undefined) {
    const [monomial = ""] = polynomial.monomials;
    const unknown = monomial.charCodeAt(0) - 1;
    const { kinds } = state.equalities;
    if (polynomial.monomials.length === 1 && kinds !== undefined && isPure(kinds, unknown)) {
      return `=${representativeOf(state.equalities, unknown)}`;
    }
    spendParts(state.budget, 8);
    const { value, delta } = valueOfPolynomial(state.forms, polynomial);
    for (const part of [value, delta]) if (typeof part !== "number") spendOn(state.budget, part, 2);
    return delta === 0
      ? textOfRational(value)
      : `${textOfRational(value)}+${textOfRational(delta)}`;
  }
  const bits = problem.bits[node] ?? [problem.literals[node] ?? 1];
  spendParts(state.budget, bits.length);
  return bits.map((literal) => (valueOf(solver, literal) > 0 ? "1" : "0")).join("");
}

function textOfRational(value: Rational): string {
  return typeof value === "number" ? `${value}` : `${numeratorOf(value)}/${denominatorOf(value)}`;
}

/**
 * Tells whether two nodes have unequal values. A literal without a value counts as equal to any.
 */
function differ(state: SearchState, left: number, right: number): boolean {
  const { problem, solver } = state;
  if (problem.polynomials[left] !== undefined) return textOf(state, left) !== textOf(state, right);
  const lefts = problem.bits[left] ?? [problem.literals[left] ?? 1];
  const rights = problem.bits[right] ?? [problem.literals[right] ?? 1];
  spendParts(state.budget, lefts.length);
  return lefts.some(
    (literal, at) => valueOf(solver, literal) * valueOf(solver, rights[at] ?? 1) < 0,
  );
}
