import { holdingName } from "../../language/syntax/assets.ts";
import type { BinaryOperator, Expression } from "../../language/syntax/syntax.ts";
import type { Span } from "../../obligation.ts";
import type { Term } from "../../term.ts";
import {
  add,
  and,
  atMost,
  choose,
  equal,
  implies,
  integer,
  less,
  not,
  or,
  select,
  subtract,
  under,
} from "../build-term.ts";
import { holdingIn, lookUp, type StateTerms, supplyIn } from "./state-terms.ts";

/**
 * Terms for the names of an expression, for the state before the run, and for the current state.
 */
export interface Encoding {
  readonly symbols: ReadonlyMap<string, Term>;
  readonly sequence: Term;
  readonly before: StateTerms;
  readonly now: StateTerms;
}

/**
 * Check that a divisor is not zero. `path` has the conditions under which the division is
 * evaluated, and `goal` says that the divisor is not zero.
 */
export interface DefinednessCheck {
  readonly expression: Expression;
  readonly span: Span;
  /** Conditions under which the division is evaluated, outermost first. */
  readonly path: readonly Term[];
  readonly goal: Term;
}

/** Term of a checked expression, and the checks which ensure that its value is defined. */
export interface Encoded {
  readonly term: Term;
  /** Checks in the order of evaluation. Each may assume the earlier ones. */
  readonly checks: readonly DefinednessCheck[];
}

/**
 * Encodes an expression as a term that means the same as `evaluate`: with the same order and
 * short-circuit evaluation, and with Euclidean division.
 */
export function encodeExpression(expression: Expression, encoding: Encoding): Encoded {
  const walk: Walk = { encoding, state: encoding.now, path: [], checks: [] };
  const term = encode(expression, walk);
  return { term, checks: walk.checks };
}

/** Returns a check as one formula: the conditions of its path imply its goal. */
export function checkFormula(check: DefinednessCheck): Term {
  return under(check.path, check.goal);
}

interface Walk {
  readonly encoding: Encoding;
  readonly state: StateTerms;
  readonly path: readonly Term[];
  readonly checks: DefinednessCheck[];
}

function encode(expression: Expression, walk: Walk): Term {
  switch (expression.type) {
    case "integer":
      return integer(expression.value);
    case "boolean":
      return { type: "boolean", value: expression.value };
    case "name":
      return lookUp(walk.encoding.symbols, expression.name);
    case "sequence":
      return walk.encoding.sequence;
    case "field":
      return encodeField(expression, walk);
    case "supply":
      return supplyIn(walk.state, expression.asset.text);
    case "old":
      return encode(expression.operand, { ...walk, state: walk.encoding.before });
    case "negate":
      return subtract(integer(0n), encode(expression.operand, walk));
    case "not":
      return not(encode(expression.operand, walk));
    case "if": {
      const condition = encode(expression.condition, walk);
      const then = encode(expression.consequent, within(walk, condition));
      return choose(condition, then, encode(expression.alternative, within(walk, not(condition))));
    }
    case "call":
      return encodeCall(expression, walk);
    case "binary":
      return encodeBinary(expression, walk);
    case "decimal":
      throw new Error("a decimal does not pass the checker");
  }
}

function encodeField(field: Extract<Expression, { type: "field" }>, walk: Walk): Term {
  const account = lookUp(walk.encoding.symbols, field.account.text);
  return select(holdingIn(walk.state, holdingName(field)), account);
}

function encodeCall(call: Extract<Expression, { type: "call" }>, walk: Walk): Term {
  const terms = call.operands.map((operand) => encode(operand, walk));
  const [first = integer(0n), second = integer(0n)] = terms;
  switch (call.callee) {
    case "min":
      return choose(atMost(first, second), first, second);
    case "max":
      return choose(atMost(second, first), first, second);
    case "abs":
      return choose(less(first, integer(0n)), subtract(integer(0n), first), first);
  }
}

function encodeBinary(expression: Extract<Expression, { type: "binary" }>, walk: Walk): Term {
  const { operator } = expression;
  const left = encode(expression.left, walk);
  const right = encode(expression.right, rightWalk(operator, left, walk));
  switch (operator) {
    case "+":
      return add(left, right);
    case "-":
      return subtract(left, right);
    case "*":
      return { type: "arithmetic", operator: "multiply", operands: [left, right] };
    case "/":
      demandDivisor(expression, right, walk);
      return { type: "arithmetic", operator: "divide", operands: [left, right] };
    case "%":
      demandDivisor(expression, right, walk);
      return { type: "arithmetic", operator: "modulo", operands: [left, right] };
    case "==":
      return equal(left, right);
    case "!=":
      return not(equal(left, right));
    case "<":
      return less(left, right);
    case "<=":
      return atMost(left, right);
    case ">":
      return less(right, left);
    case ">=":
      return atMost(right, left);
    case "&&":
      return and(left, right);
    case "||":
      return or(left, right);
    case "=>":
      return implies(left, right);
  }
}

/**
 * Returns the context in which the right side of a binary operator is encoded. The right side of
 * `&&`, `||` or `=>` is evaluated only if the left side does not decide the result. For these
 * operators that condition is added to the path, the conditions under which a division is reached.
 */
function rightWalk(operator: BinaryOperator, left: Term, walk: Walk): Walk {
  if (operator === "&&" || operator === "=>") return within(walk, left);
  return operator === "||" ? within(walk, not(left)) : walk;
}

function within(walk: Walk, condition: Term): Walk {
  return { ...walk, path: [...walk.path, condition] };
}

function demandDivisor(
  expression: Extract<Expression, { type: "binary" }>,
  divisor: Term,
  walk: Walk,
): void {
  if (divisor.type === "integer" && divisor.value !== 0n) return;
  const goal = not(equal(divisor, integer(0n)));
  walk.checks.push({ expression, span: expression.span, path: walk.path, goal });
}
