import { DivisionByZero } from "../../language/evaluate.ts";
import type { ContractExpression } from "../../language/syntax/contract.ts";
import { LANGUAGE_LIMITS } from "../../language/syntax/limits.ts";
import { evaluateTyped, type TypedEnvironment } from "../evaluate/evaluate-typed.ts";
import { Fault } from "../evaluate/fault.ts";
import type { ContractValue, ExpressionType, ValueType } from "../typed/value-types.ts";
import { isOfType, typeOfRead } from "../typed/values.ts";
import { excerpt } from "./checked.ts";
import { type ContractScope, describeType, isSameType } from "./scope.ts";

/** Value of an expression that reads nothing, with its type. */
export interface Folded {
  readonly value: ContractValue;
  readonly of: ExpressionType;
}

/**
 * Evaluates an expression that reads no state. Undefined, after a report of the reason, if it has
 * no value.
 */
export function fold(expression: ContractExpression, scope: ContractScope): Folded | undefined {
  const checked = scope.check(expression, scope);
  if (checked === undefined) return undefined;
  try {
    const value = evaluateTyped(checked.typed, nothing);
    const most = 1n << BigInt(LANGUAGE_LIMITS.numeralBits);
    if (typeof value !== "bigint" || (value < most && value > -most))
      return { value, of: checked.of };
    const message = `${scope.permissions.place} is below 2^${LANGUAGE_LIMITS.numeralBits}`;
    scope.report("limit", expression.span, message);
  } catch (error) {
    if (error instanceof DivisionByZero) {
      scope.report("type", error.span, `${scope.permissions.place} divides by zero`);
    } else if (error instanceof Fault) scope.report("type", error.span, error.message);
    else throw error;
  }
  return undefined;
}

/**
 * Evaluates an initial value or key of the state. Undefined, after a report, if it has no value or
 * one outside its type.
 */
export function foldAs(
  expression: ContractExpression,
  type: ValueType,
  scope: ContractScope,
): ContractValue | undefined {
  const folded = fold(expression, scope);
  if (folded === undefined) return undefined;
  const wanted = typeOfRead(type);
  if (!isSameType(folded.of, wanted)) {
    const text = excerpt(expression);
    const message = `expected ${describeType(wanted)}, but \`${text}\` is ${describeType(folded.of)}`;
    scope.report("type", expression.span, message);
    return undefined;
  }
  if (isOfType(folded.value, type)) return folded.value;
  scope.report(
    "type",
    expression.span,
    `\`${excerpt(expression)}\` is out of the range of its type`,
  );
  return undefined;
}

const refused = (): never => {
  throw new Error("an expression that reads nothing was checked to be one");
};

const nothing: TypedEnvironment = {
  local: refused,
  read: refused,
  sum: refused,
  sequence: refused,
  now: refused,
  isSigned: refused,
  isSignature: refused,
  spend: () => undefined,
};
