import {
  additionUnits,
  assert,
  divisionUnits,
  multiplicationUnits,
  UNITS,
} from "@aethel/models/primitives";
import type { Span } from "../obligation.ts";
import { holdingName } from "./syntax/assets.ts";
import type { HoldingName } from "./syntax/fields.ts";
import type { ArithmeticOperator, Expression } from "./syntax/syntax.ts";

/** Value of an expression: a number, a boolean, or the key of an account. */
export type Value = bigint | boolean | string;

/** Values of the names, fields, supplies and the sequence in an expression. */
export interface Environment {
  readonly name: (name: string) => Value;
  /**
   * Returns the value of a field: the one before the first effect if `old` is set, otherwise the
   * current one.
   */
  readonly field: (access: FieldAccess) => bigint;
  readonly supply: (access: SupplyAccess) => bigint;
  readonly sequence: () => bigint;
  /**
   * Counts units of work before the work is done: for each node, and for arithmetic when its
   * operands are known. If it throws, the work is not done.
   */
  readonly spend: (units: number) => void;
}

/**
 * Read of a field of the account that the parameter `account` names. `field` is the field's name as
 * `holdingName` returns it.
 */
export interface FieldAccess {
  readonly account: string;
  readonly field: HoldingName;
  readonly old: boolean;
}

/** Access to the supply of a declared asset. */
export interface SupplyAccess {
  readonly asset: string;
  readonly old: boolean;
}

/**
 * Error of a division or remainder by zero. `span` is the place of the whole operation. The callers
 * of `evaluate` must catch it.
 */
export class DivisionByZero extends Error {
  override readonly name = "DivisionByZero";
  readonly span: Span;

  constructor(span: Span) {
    super("division by zero");
    this.span = span;
  }
}

/**
 * Evaluates a checked expression. Operands are evaluated from left to right; `&&`, `||`, `=>` and
 * `if` evaluate only the operands that they need. Throws `DivisionByZero`, and any error of the
 * environment.
 */
export function evaluate(expression: Expression, environment: Environment, old = false): Value {
  environment.spend(UNITS.node);
  switch (expression.type) {
    case "integer":
    case "boolean":
      return expression.value;
    case "name":
      return environment.name(expression.name);
    case "sequence":
      return environment.sequence();
    case "field": {
      const field = holdingName(expression);
      return environment.field({ account: expression.account.text, field, old });
    }
    case "supply":
      return environment.supply({ asset: expression.asset.text, old });
    case "old":
      return evaluate(expression.operand, environment, true);
    case "negate":
      return -evaluateNumber(expression.operand, environment, old);
    case "not":
      return !evaluateBoolean(expression.operand, environment, old);
    case "if":
      return evaluateBoolean(expression.condition, environment, old)
        ? evaluate(expression.consequent, environment, old)
        : evaluate(expression.alternative, environment, old);
    case "call":
      return evaluateCall(expression, environment, old);
    case "binary":
      return evaluateBinary(expression, environment, old);
    case "decimal":
      throw new Error("a decimal does not pass the checker");
  }
}

/** Evaluates an expression that the checker found to be a boolean. */
export function evaluateBoolean(
  expression: Expression,
  environment: Environment,
  old = false,
): boolean {
  const value = evaluate(expression, environment, old);
  assert(typeof value === "boolean", "a checked condition is a truth value");
  return value;
}

/** Evaluates an expression that the checker found to be a number. */
export function evaluateNumber(
  expression: Expression,
  environment: Environment,
  old = false,
): bigint {
  const value = evaluate(expression, environment, old);
  assert(typeof value === "bigint", "a checked operand is a number");
  return value;
}

function evaluateCall(
  call: Extract<Expression, { type: "call" }>,
  environment: Environment,
  old: boolean,
): bigint {
  const [first = 0n, second = 0n] = call.operands.map((one) =>
    evaluateNumber(one, environment, old),
  );
  if (call.callee === "abs") return first < 0n ? -first : first;
  const firstWins = call.callee === "min" ? first <= second : first >= second;
  return firstWins ? first : second;
}

function evaluateBinary(
  expression: Extract<Expression, { type: "binary" }>,
  environment: Environment,
  old: boolean,
): Value {
  const { operator, left, right } = expression;
  switch (operator) {
    case "&&":
      return evaluateBoolean(left, environment, old) && evaluateBoolean(right, environment, old);
    case "||":
      return evaluateBoolean(left, environment, old) || evaluateBoolean(right, environment, old);
    case "=>":
      return !evaluateBoolean(left, environment, old) || evaluateBoolean(right, environment, old);
    case "==":
      return evaluate(left, environment, old) === evaluate(right, environment, old);
    case "!=":
      return evaluate(left, environment, old) !== evaluate(right, environment, old);
    default: {
      const a = evaluateNumber(left, environment, old);
      const b = evaluateNumber(right, environment, old);
      if (operator === "<") return a < b;
      if (operator === "<=") return a <= b;
      if (operator === ">") return a > b;
      if (operator === ">=") return a >= b;
      const units = arithmeticUnits(operator, a, b);
      if (units > 0) environment.spend(units);
      return calculate(operator, a, b, expression.span);
    }
  }
}

/**
 * Returns the units of an arithmetic operation on these numbers, in addition to the units of its
 * expression node.
 */
export function arithmeticUnits(operator: ArithmeticOperator, a: bigint, b: bigint): number {
  switch (operator) {
    case "+":
    case "-":
      return additionUnits(a, b);
    case "*":
      return multiplicationUnits(a, b);
    case "/":
    case "%":
      return divisionUnits(a, b);
  }
}

/** Calculates with unbounded integers. Throws `DivisionByZero` with the place of the operation. */
export function calculate(operator: ArithmeticOperator, a: bigint, b: bigint, span: Span): bigint {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      if (b === 0n) throw new DivisionByZero(span);
      return (a - euclideanRemainder(a, b)) / b;
    case "%":
      if (b === 0n) throw new DivisionByZero(span);
      return euclideanRemainder(a, b);
  }
}

/**
 * Returns the remainder in `0 .. |b|-1` for operands of any sign. The remainder of bigint's `%` has
 * the sign of the dividend instead.
 */
function euclideanRemainder(a: bigint, b: bigint): bigint {
  const remainder = a % b;
  if (remainder >= 0n) return remainder;
  return b < 0n ? remainder - b : remainder + b;
}
