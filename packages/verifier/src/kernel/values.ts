import { atomLiteral, zeroLiteral } from "./atoms.ts";
import { type Bits, circuits, constantBits, eachBit } from "./bits.ts";
import { and, exclusiveOr } from "./gates.ts";
import { refuse, spend } from "./limits.ts";
import { numberOf } from "./numbers.ts";
import { type Polynomial, subtract } from "./polynomial.ts";
import type { Literal, Node, Problem } from "./problem.ts";
import { addVariable, falsehood, negate, truth } from "./problem.ts";

/**
 * Gives each new node its value, and adds the clauses that define it. `bits.ts` has the operators
 * of booleans and bit vectors, `numbers.ts` those of all other sorts. Operands come before the
 * nodes that use them, so they have values already.
 */
export function defineValues(problem: Problem): void {
  for (; problem.valued < problem.nodes.length; problem.valued++) {
    const id = problem.valued;
    const node = problem.nodes[id] ?? refuse("no such node");
    const sort = problem.sorts[node.sort] ?? refuse("no such sort");
    if (sort.type === "boolean" || sort.type === "bits") {
      const bits = bitsOf(problem, node, sort.type === "bits" ? sort.width : 1);
      problem.bits[id] = bits;
      if (sort.type === "boolean") problem.literals[id] = bits[0];
    } else problem.polynomials[id] = numberOf(problem, node, id);
  }
}

/** Returns the literal of a boolean node. */
export function literalAt(problem: Problem, node: number): Literal {
  return problem.literals[node] ?? refuse("a node is not boolean");
}

/** Returns the literal of the equality of two nodes of one sort. */
export function equalLiteral(problem: Problem, left: number, right: number): Literal {
  spend(problem.meter, 60);
  if (left === right) return truth;
  const [a, b] = [problem.bits[left], problem.bits[right]];
  if (!a || !b) return zeroLiteral(problem, difference(problem, left, right));
  return and(
    problem,
    eachBit([a, b], ([c = -1, d = -1]) => negate(exclusiveOr(problem, c, d))),
  );
}

function bitsOf(problem: Problem, { operator, operands, detail }: Node, width: number): Bits {
  spend(problem.meter, 10 * width);
  const [left = -1, right = -1] = operands;
  const at = (id: number): Bits => problem.bits[id] ?? refuse("no bits");
  switch (operator) {
    case "constant":
      if (detail === "true" || detail === "false") return [detail === "true" ? truth : falsehood];
      return constantBits(BigInt(detail), width);
    case "symbol":
    case "apply":
    case "fresh":
    case "select":
      // Only congruence and reads say anything about these.
      return Array.from({ length: width }, () => addVariable(problem));
    case "equal":
      return [equalLiteral(problem, left, right)];
    case "less":
    case "at-most":
      return [atomLiteral(problem, difference(problem, right, left), operator === "less")];
    case "extract":
      return at(left).slice(Number(detail), Number(detail) + width);
    default:
      return (circuits.get(operator) ?? refuse(`no such operator: ${operator}`))(
        problem,
        operands.map(at),
      );
  }
}

function difference(problem: Problem, left: number, right: number): Polynomial {
  const [a, b] = [problem.polynomials[left], problem.polynomials[right]];
  return subtract(problem.meter, a ?? refuse("no number"), b ?? refuse("no number"));
}
