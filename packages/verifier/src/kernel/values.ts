import { atomLiteral, zeroLiteral } from "./atoms.ts";
import {
  addBits,
  type Bits,
  chooseBits,
  constantBits,
  divideBits,
  eachBit,
  lessBits,
  lessSigned,
  multiplyBits,
  sameBits,
  shiftBits,
} from "./bits.ts";
import { and, choose, or, same } from "./gates.ts";
import { bound, refuse } from "./limits.ts";
import { numberOf } from "./numbers.ts";
import { addScaled, type Polynomial } from "./polynomial.ts";
import {
  addVariable,
  falsehood,
  type Literal,
  type Node,
  negate,
  type Problem,
  truth,
} from "./problem.ts";

/**
 * Gives every new node its value, and adds the clauses that define it. Operands come first, so
 * their values are there. Each operator is one case, of booleans and bit vectors here, of numbers
 * in `numbers.ts`; the sorts were checked when the node was made.
 */
export function defineValues(problem: Problem): void {
  for (; problem.valued < problem.nodes.length; problem.valued++) {
    const id = problem.valued;
    const node = problem.nodes[id] ?? refuse("an unknown node");
    const sort = problem.sorts[node.sort];
    if (sort?.type === "boolean") problem.literals[id] = literalOf(problem, node);
    else if (sort?.type === "bits") problem.bits[id] = bitsOf(problem, node, sort.width);
    else problem.polynomials[id] = numberOf(problem, node, id);
  }
}

/** The literal that says that two nodes of one sort have equal values. */
export function equalLiteral(problem: Problem, left: number, right: number): Literal {
  if (left === right) return truth;
  switch (problem.sorts[problem.nodes[left]?.sort ?? -1]?.type) {
    case "boolean":
      return same(problem, literalAt(problem, left), literalAt(problem, right));
    case "bits":
      return sameBits(problem, bitsAt(problem, left), bitsAt(problem, right));
    default:
      return zeroLiteral(problem, difference(problem, left, right));
  }
}

function literalOf(problem: Problem, node: Node): Literal {
  const { operator, operands } = node;
  const [left = -1, right = -1, third = -1] = operands;
  const literals = (): readonly Literal[] => operands.map((id) => literalAt(problem, id));
  switch (operator) {
    case "constant":
      return node.detail === "true" ? truth : falsehood;
    case "symbol":
    case "apply":
    case "fresh":
    case "select":
      // Nothing is said about it but by congruence and reads.
      return addVariable(problem);
    case "not":
      return negate(literalAt(problem, left));
    case "and":
      return and(problem, literals());
    case "or":
      return or(problem, literals());
    case "if":
      return choose(problem, literalAt(problem, left), [
        literalAt(problem, right),
        literalAt(problem, third),
      ]);
    case "equal":
      return equalLiteral(problem, left, right);
    case "less":
      return atomLiteral(problem, difference(problem, right, left), true);
    case "at-most":
      return atomLiteral(problem, difference(problem, right, left), false);
    case "unsigned-less":
      return lessBits(problem, bitsAt(problem, left), bitsAt(problem, right));
    case "signed-less":
      return lessSigned(problem, bitsAt(problem, left), bitsAt(problem, right));
    default:
      return refuse(`a boolean ${operator}`);
  }
}

function bitsOf(problem: Problem, node: Node, width: number): Bits {
  const { operator, operands } = node;
  const at = (operand: number): Bits => bitsAt(problem, operands[operand] ?? -1);
  switch (operator) {
    case "constant":
      return constantBits(BigInt(node.detail), width);
    case "symbol":
    case "apply":
    case "fresh":
    case "select":
      return Array.from({ length: width }, () => addVariable(problem));
    case "if":
      return chooseBits(problem, literalAt(problem, operands[0] ?? -1), [at(1), at(2)]);
    case "bits-complement":
      return at(0).map(negate);
    case "bits-and":
      return eachBit(problem, "and", [at(0), at(1)]);
    case "bits-or":
      return eachBit(problem, "or", [at(0), at(1)]);
    case "bits-exclusive-or":
      return eachBit(problem, "exclusive-or", [at(0), at(1)]);
    case "bits-add":
      return addBits(problem, at(0), at(1));
    case "bits-multiply":
      return multiplyBits(problem, at(0), at(1));
    case "bits-divide":
      return divideBits(problem, at(0), at(1)).quotient;
    case "bits-remainder":
      return divideBits(problem, at(0), at(1)).remainder;
    case "bits-shift-left":
      return shiftBits(problem, [at(0), at(1)], { direction: "left", fill: falsehood });
    case "bits-shift-right":
      return shiftBits(problem, [at(0), at(1)], { direction: "right", fill: falsehood });
    case "bits-shift-right-arithmetic": {
      const sign = at(0)[at(0).length - 1] ?? refuse("a bit vector without bits");
      return shiftBits(problem, [at(0), at(1)], { direction: "right", fill: sign });
    }
    case "bits-concatenate":
      bound(problem.meter, "width", width);
      return [...at(1), ...at(0)];
    case "extract":
      return at(0).slice(Number(node.detail), Number(node.detail) + width);
    default:
      return refuse(`a bit vector ${operator}`);
  }
}

/** The literal of a boolean node. */
export function literalAt(problem: Problem, node: number): Literal {
  return problem.literals[node] ?? refuse("a node is not boolean");
}

/** The polynomial of a node of a sort of numbers, of an array sort or an uninterpreted one. */
export function polynomialAt(problem: Problem, node: number): Polynomial {
  return problem.polynomials[node] ?? refuse("a node is not a number");
}

function bitsAt(problem: Problem, node: number): Bits {
  return problem.bits[node] ?? refuse("a node is not a bit vector");
}

function difference(problem: Problem, left: number, right: number): Polynomial {
  return addScaled(problem.meter, polynomialAt(problem, left), {
    factor: -1n,
    right: polynomialAt(problem, right),
  });
}
