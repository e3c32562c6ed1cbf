import { atomLiteral, isInteger, zeroLiteral } from "./atoms.ts";
import { refuse } from "./limits.ts";
import type { Polynomial } from "./polynomial.ts";
import {
  constant,
  constantOf,
  multiply,
  negative,
  one,
  subtract,
  sumProducts,
  unknownPolynomial,
} from "./polynomial.ts";
import type { Literal, Node, Problem } from "./problem.ts";
import { addClause, addUnknown, falsehood, negate, realSort, truth } from "./problem.ts";

/**
 * Returns the value of a node that is neither a boolean nor a bit vector. If the value is not a
 * polynomial of the operands, it is a new unknown, which clauses may describe.
 */
export function numberOf(problem: Problem, node: Node, id: number): Polynomial {
  const { operator, operands, detail } = node;
  const { meter } = problem;
  const at = (operand: number): Polynomial =>
    problem.polynomials[operands[operand] ?? -1] ?? refuse("no number");
  const unknown = (): Polynomial =>
    unknownPolynomial(addUnknown(problem, { node: id, integer: node.sort !== realSort }));
  switch (operator) {
    case "constant": {
      const [above = "", below = "1"] = detail.split("/");
      return constant(BigInt(above), BigInt(below));
    }
    case "symbol":
    case "apply":
    case "fresh":
    case "select":
    case "store":
    case "constant-array":
    case "modulo":
      // `terms.ts` states elements of arrays and remainders; steps state equality.
      return unknown();
    case "add":
      return sumProducts(
        meter,
        operands.map((_, operand) => [at(operand), one]),
      );
    case "subtract":
      return subtract(meter, at(0), at(1));
    case "multiply":
      return operands.reduce((product, _, operand) => multiply(meter, product, at(operand)), one);
    case "to-real":
      // The unknowns stay integers: what is known of them is not lost.
      return at(0);
    case "divide":
      return divide(problem, at(0), at(1), unknown());
    case "quotient":
      return quotient(problem, at(0), at(1), unknown);
    case "floor":
      return floor(problem, at(0), unknown);
    case "if": {
      const condition = problem.literals[operands[0] ?? -1] ?? refuse("no condition");
      if (condition === truth || operands[1] === operands[2]) return at(1);
      if (condition === falsehood) return at(2);
      const value = unknown();
      addEquation(problem, negate(condition), value, at(1));
      addEquation(problem, condition, value, at(2));
      return value;
    }
    default:
      return refuse(`an unknown operator: ${operator}`);
  }
}

/**
 * Adds clauses that define `q` as the Euclidean quotient. For `b != 0` it is the one integer with
 * `0 <= a - b q < |b|` (Boute, "The Euclidean definition of the functions div and mod", 1992;
 * SMT-LIB Ints). For `b = 0` the clauses say nothing about it.
 */
function divide(problem: Problem, a: Polynomial, b: Polynomial, q: Polynomial): Polynomial {
  const { meter } = problem;
  const rest = subtract(meter, a, multiply(meter, b, q));
  // `b = 0 or 0 <= rest`, `not b > 0 or rest < b`, `not b < 0 or rest < -b`.
  addClause(problem, [zeroLiteral(problem, b), atomLiteral(problem, rest, false)]);
  for (const size of [b, negative(b)]) {
    const below = atomLiteral(problem, subtract(meter, size, rest), true);
    addClause(problem, [negate(atomLiteral(problem, size, true)), below]);
  }
  return q;
}

/**
 * Returns the quotient `a / b` of reals. It is the `q` with `a = b q` if `b != 0`. For `b = 0` the
 * clauses say nothing about it.
 */
function quotient(
  problem: Problem,
  a: Polynomial,
  b: Polynomial,
  unknown: () => Polynomial,
): Polynomial {
  const number = constantOf(b) ?? 0n;
  const sign = number < 0n ? -1n : 1n;
  if (number !== 0n)
    return multiply(problem.meter, a, constant(sign * b.denominator, sign * number));
  const q = unknown();
  addEquation(problem, zeroLiteral(problem, b), a, multiply(problem.meter, b, q));
  return q;
}

/** Returns the one integer `n` with `n <= r < n + 1`. */
function floor(problem: Problem, r: Polynomial, unknown: () => Polynomial): Polynomial {
  if (r.denominator === 1n && isInteger(problem, r)) return r;
  const n = unknown();
  const above = subtract(problem.meter, r, n);
  addClause(problem, [atomLiteral(problem, above, false)]);
  addClause(problem, [atomLiteral(problem, subtract(problem.meter, one, above), true)]);
  return n;
}

/** Adds two clauses that together state `unless ∨ left = right`, one for each inequality. */
function addEquation(problem: Problem, unless: Literal, left: Polynomial, right: Polynomial): void {
  const difference = subtract(problem.meter, left, right);
  for (const sign of [difference, negative(difference)]) {
    addClause(problem, [unless, atomLiteral(problem, sign, false)]);
  }
}
