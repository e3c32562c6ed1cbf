import type { Node, Problem } from "../kernel/problem.ts";
import { addCongruence } from "../kernel/steps.ts";
import { notePair } from "./arrays.ts";
import { valueOfPolynomial } from "./forms.ts";
import { denominatorOf, numeratorOf, type Rational } from "./rational.ts";
import { valueOf } from "./solver.ts";
import { addStep, keepOriginal, type SearchState, takeClauses } from "./state.ts";

/**
 * Functions and reads: where the assignment gives equal operands and unequal results, the clause
 * of that one congruence is added (Ackermann's reduction, on demand).
 */
export function addViolatedCongruences(state: SearchState): boolean {
  const { problem } = state;
  takeFreeNodes(state);
  const byOperands = new Map<string, number>();
  const violated: (readonly [number, number])[] = [];
  for (const id of state.free) {
    const node = problem.nodes[id];
    if (node === undefined) continue;
    const values = node.operands.map((operand) => textOf(state, operand));
    const sorts = node.operands.map((operand) => problem.nodes[operand]?.sort);
    const key = `${node.operator} ${node.detail} ${sorts.join(" ")} ${values.join(" ")}`;
    const other = byOperands.get(key);
    if (other === undefined) byOperands.set(key, id);
    else if (differ(state, other, id)) violated.push([other, id]);
  }
  for (const [left, right] of violated) instantiate(state, left, right);
  return violated.length > 0;
}

function instantiate(state: SearchState, left: number, right: number): void {
  const { problem } = state;
  const operands = problem.nodes[left]?.operands ?? [];
  const others = problem.nodes[right]?.operands ?? [];
  operands.forEach((operand, at) => notePair(state, operand, others[at] ?? operand));
  notePair(state, left, right);
  const step = addStep(state, { type: "congruence", left, right });
  keepOriginal(state);
  addCongruence(problem, left, right);
  takeClauses(state, step);
}

function takeFreeNodes(state: SearchState): void {
  const { nodes } = state.problem;
  for (; state.nodesTaken < nodes.length; state.nodesTaken++) {
    const node = nodes[state.nodesTaken];
    if (node !== undefined && isFree(nodes, node)) state.free.push(state.nodesTaken);
  }
}

/** Whether nothing but congruence ties a node's value to its operands, in some models at least. */
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

/** Returns a text of a node's value, equal for equal values. */
function textOf(state: SearchState, node: number): string {
  const { problem, solver } = state;
  const polynomial = problem.polynomials[node];
  if (polynomial !== undefined) {
    const { value, delta } = valueOfPolynomial(state.forms, polynomial);
    return delta === 0
      ? textOfRational(value)
      : `${textOfRational(value)}+${textOfRational(delta)}`;
  }
  const bits = problem.bits[node] ?? [problem.literals[node] ?? 1];
  return bits.map((literal) => (valueOf(solver, literal) > 0 ? "1" : "0")).join("");
}

function textOfRational(value: Rational): string {
  return typeof value === "number" ? `${value}` : `${numeratorOf(value)}/${denominatorOf(value)}`;
}

/** Whether two nodes have unequal values; a literal without value equals any. */
function differ(state: SearchState, left: number, right: number): boolean {
  const { problem, solver } = state;
  if (problem.polynomials[left] !== undefined) return textOf(state, left) !== textOf(state, right);
  const lefts = problem.bits[left] ?? [problem.literals[left] ?? 1];
  const rights = problem.bits[right] ?? [problem.literals[right] ?? 1];
  return lefts.some(
    (literal, at) => valueOf(solver, literal) * valueOf(solver, rights[at] ?? 1) < 0,
  );
}
