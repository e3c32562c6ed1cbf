import { atomLiteral, zeroLiteral } from "./atoms.ts";
import type { Bits } from "./bits.ts";
import * as circuits from "./bits.ts";
import { and, exclusiveOr, or } from "./gates.ts";
import { refuse, spend } from "./limits.ts";
import { numberOf } from "./numbers.ts";
import { addScaled, type Polynomial } from "./polynomial.ts";
import type { Literal, Node, Problem } from "./problem.ts";
import { addVariable, falsehood, negate, truth } from "./problem.ts";

/**
 * Gives each new node its value and adds the clauses that define it: of booleans and bit vectors
 * here, of all other sorts in `numbers.ts`. Operands have theirs before; sorts are checked.
 */
export function defineValues(problem: Problem): void {
  for (; problem.valued < problem.nodes.length; problem.valued++) {
    const id = problem.valued;
    const node = problem.nodes[id] ?? refuse("no such node");
    const sort = problem.sorts[node.sort] ?? refuse("no such sort");
    if (sort.type !== "boolean" && sort.type !== "bits") {
      problem.polynomials[id] = numberOf(problem, node, id);
      continue;
    }
    const bits = bitsOf(problem, node, sort.type === "bits" ? sort.width : 1);
    problem.bits[id] = bits;
    if (sort.type === "boolean") problem.literals[id] = bits[0];
  }
}

/** The literal of a boolean node. */
export function literalAt(problem: Problem, node: number): Literal {
  return problem.literals[node] ?? refuse("a node is not boolean");
}

/** The literal that says that two nodes of one sort have equal values. */
export function equalLiteral(problem: Problem, left: number, right: number): Literal {
  spend(problem.meter, 60);
  if (left === right) return truth;
  const [a, b] = [problem.bits[left], problem.bits[right]];
  if (a === undefined || b === undefined)
    return zeroLiteral(problem, difference(problem, left, right));
  return and(
    problem,
    circuits.eachBit([a, b], a.length, (pair) => same(problem, pair)),
  );
}

/** A boolean is one bit, so its operators are those of bit vectors. */
function bitsOf(problem: Problem, { operator, operands, detail }: Node, width: number): Bits {
  spend(problem.meter, 10 * width);
  const [left = -1, right = -1, third = -1] = operands;
  const at = (id: number): Bits => problem.bits[id] ?? refuse("no bits");
  const each = (gate: (bits: Bits) => Literal): Bits =>
    circuits.eachBit(operands.map(at), width, gate);
  const shift = (direction: -1 | 1, fill: Literal): Bits =>
    circuits.shiftBits(problem, [at(left), at(right)], direction, fill);
  switch (operator) {
    case "constant":
      if (detail === "true" || detail === "false") return [detail === "true" ? truth : falsehood];
      return circuits.constantBits(BigInt(detail), width);
    case "symbol":
    case "apply":
    case "fresh":
    case "select":
      // Nothing is said about these but by congruence and reads.
      return Array.from({ length: width }, () => addVariable(problem));
    case "not":
      return at(left).map(negate);
    case "and":
      return each((bits) => and(problem, bits));
    case "or":
      return each((bits) => or(problem, bits));
    case "exclusive-or":
      return each((bits) => negate(same(problem, bits)));
    case "if":
      return circuits.chooseBits(problem, literalAt(problem, left), [at(right), at(third)]);
    case "equal":
      return [equalLiteral(problem, left, right)];
    case "less":
    case "at-most":
      return [atomLiteral(problem, difference(problem, right, left), operator === "less")];
    case "unsigned-less":
      return [circuits.lessBits(problem, at(left), at(right))];
    case "signed-less":
      // With the signs flipped, two's complements are ordered as naturals.
      return [
        circuits.lessBits(problem, circuits.flipSign(at(left)), circuits.flipSign(at(right))),
      ];
    case "bits-add":
      return circuits.addBits(problem, [at(left), at(right)], falsehood).sum;
    case "bits-multiply":
      return circuits.multiplyBits(problem, at(left), at(right));
    case "bits-divide":
      return circuits.divideBits(problem, at(left), at(right)).quotient;
    case "bits-remainder":
      return circuits.divideBits(problem, at(left), at(right)).remainder;
    case "shift-left":
      return shift(-1, falsehood);
    case "shift-right":
      return shift(1, falsehood);
    case "shift-right-arithmetic":
      return shift(1, at(left).at(-1) ?? refuse("no bit"));
    case "concatenate":
      return [...at(right), ...at(left)];
    case "extract":
      return at(left).slice(Number(detail), Number(detail) + width);
    default:
      return refuse(`an unknown operator: ${operator}`);
  }
}

function same(problem: Problem, [left = truth, right = truth]: Bits): Literal {
  return negate(exclusiveOr(problem, left, right));
}

function difference(problem: Problem, left: number, right: number): Polynomial {
  const [a, b] = [problem.polynomials[left], problem.polynomials[right]];
  return addScaled(problem.meter, a ?? refuse("no number"), -1n, b ?? refuse("no number"));
}
