import { atomLiteral, isInteger, zeroLiteral } from "./atoms.ts";
import { refuse } from "./limits.ts";
import {
  addScaled,
  constant,
  constantOf,
  multiply,
  one,
  type Polynomial,
  scale,
  unknownOf,
  zero,
} from "./polynomial.ts";
import {
  addClause,
  addUnknown,
  falsehood,
  integerSort,
  type Literal,
  type Node,
  negate,
  type Problem,
  realSort,
  truth,
} from "./problem.ts";

/**
 * The value of a node whose sort is of numbers, of arrays or uninterpreted. What is no polynomial
 * of its operands is a new unknown, with clauses that say what it is.
 */
export function numberOf(problem: Problem, node: Node, id: number): Polynomial {
  const { operator, operands } = node;
  const { meter } = problem;
  const at = (operand: number): Polynomial => valueOf(problem, operands[operand] ?? -1);
  const fresh = (): Polynomial => unknownOf(addUnknown(problem, id, node.sort !== realSort));
  switch (operator) {
    case "constant": {
      const [numerator = "", denominator = "1"] = node.detail.split("/");
      return constant(BigInt(numerator), BigInt(denominator));
    }
    case "symbol":
    case "apply":
    case "fresh":
    case "select":
    // What an array holds is said by `readElement` and the steps, not here.
    case "store":
    case "constant-array":
      return fresh();
    case "add":
      return operands.reduce<Polynomial>(
        (sum, operand) => addScaled(meter, sum, { factor: 1n, right: valueOf(problem, operand) }),
        zero,
      );
    case "subtract":
      return addScaled(meter, at(0), { factor: -1n, right: at(1) });
    case "multiply":
      return operands.reduce<Polynomial>(
        (product, operand) => multiply(meter, product, valueOf(problem, operand)),
        one,
      );
    case "to-real":
      // The unknowns stay integers, so what is known of them is not lost.
      return at(0);
    case "divide":
      return divide(problem, [at(0), at(1)], fresh());
    case "modulo":
      return remainder(problem, node, fresh);
    case "quotient":
      return quotient(problem, [at(0), at(1)], fresh);
    case "floor":
      return floor(problem, at(0), fresh);
    case "if":
      return either(problem, node, fresh);
    default:
      return refuse(`a number ${operator}`);
  }
}

/**
 * Euclidean division (Boute, "The Euclidean definition of the functions div and mod", 1992; SMT-LIB
 * Ints): if `b != 0` there is exactly one `q` with `0 <= a - b q < |b|`. If `b = 0` it is open.
 */
function divide(
  problem: Problem,
  [a, b]: readonly [Polynomial, Polynomial],
  q: Polynomial,
): Polynomial {
  const { meter } = problem;
  const rest = minus(problem, a, multiply(meter, b, q));
  const atLeast = (left: Polynomial, right: Polynomial): Literal =>
    atomLiteral(problem, minus(problem, left, right), false);
  const positive = atLeast(b, one);
  const negative = atLeast(constant(-1n), b);
  // b > 0 or b < 0 gives 0 <= rest; b > 0 gives rest <= b - 1; b < 0 gives rest <= -b - 1.
  const natural = atLeast(rest, zero);
  addClause(problem, [negate(positive), natural]);
  addClause(problem, [negate(negative), natural]);
  addClause(problem, [negate(positive), atLeast(minus(problem, b, one), rest)]);
  const opposite = minus(problem, scale(meter, b, -1n), one);
  addClause(problem, [negate(negative), atLeast(opposite, rest)]);
  return q;
}

/** `a mod b` is `a - b q` if `b != 0`. If `b = 0` it is open, and not `a`. */
function remainder(problem: Problem, node: Node, fresh: () => Polynomial): Polynomial {
  const [a = zero, b = zero] = node.operands.map((operand) => valueOf(problem, operand));
  // The reader made the node of the quotient just before (`terms.ts`).
  const key = `divide ${integerSort} ${node.operands.join(" ")};`;
  const q = valueOf(problem, problem.nodeIds.get(key) ?? -1);
  const rest = minus(problem, a, multiply(problem.meter, b, q));
  const isZero = zeroLiteral(problem, b);
  if (isZero === falsehood) return rest;
  const r = fresh();
  addEquation(problem, { unless: isZero, left: r, right: rest });
  return r;
}

/** `a / b` of reals is the `q` with `a = b q` if `b != 0`, and open if `b = 0`. */
function quotient(
  problem: Problem,
  [a, b]: readonly [Polynomial, Polynomial],
  fresh: () => Polynomial,
): Polynomial {
  const number = constantOf(b);
  if (number !== undefined && number !== 0n) {
    const sign = number < 0n ? -1n : 1n;
    return multiply(problem.meter, a, constant(sign * b.denominator, sign * number));
  }
  const q = fresh();
  const right = multiply(problem.meter, b, q);
  addEquation(problem, { unless: zeroLiteral(problem, b), left: a, right });
  return q;
}

/** The integer `n` with `n <= r < n + 1`: there is exactly one. */
function floor(problem: Problem, r: Polynomial, fresh: () => Polynomial): Polynomial {
  if (r.denominator === 1n && isInteger(problem, r)) return r;
  const n = fresh();
  const next = addScaled(problem.meter, n, { factor: 1n, right: one });
  addClause(problem, [atomLiteral(problem, minus(problem, r, n), false)]);
  addClause(problem, [atomLiteral(problem, minus(problem, next, r), true)]);
  return n;
}

/** An `if` is an unknown that equals the one branch or the other. */
function either(problem: Problem, node: Node, fresh: () => Polynomial): Polynomial {
  const [test = -1, first = -1, second = -1] = node.operands;
  const condition = problem.literals[test] ?? refuse("a condition is not boolean");
  const [then, otherwise] = [valueOf(problem, first), valueOf(problem, second)];
  if (condition === truth || first === second) return then;
  if (condition === falsehood) return otherwise;
  const u = fresh();
  addEquation(problem, { unless: negate(condition), left: u, right: then });
  addEquation(problem, { unless: condition, left: u, right: otherwise });
  return u;
}

/** `unless or left = right`, as two clauses. */
function addEquation(
  problem: Problem,
  equation: { readonly unless: Literal; readonly left: Polynomial; readonly right: Polynomial },
): void {
  const { unless, left, right } = equation;
  const difference = minus(problem, left, right);
  addClause(problem, [unless, atomLiteral(problem, difference, false)]);
  addClause(problem, [unless, atomLiteral(problem, scale(problem.meter, difference, -1n), false)]);
}

function minus(problem: Problem, left: Polynomial, right: Polynomial): Polynomial {
  return addScaled(problem.meter, left, { factor: -1n, right });
}

function valueOf(problem: Problem, node: number): Polynomial {
  return problem.polynomials[node] ?? refuse("an operand is not a number");
}
