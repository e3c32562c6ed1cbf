import { arithmeticShape, widest } from "../../language/check/check-expression.ts";
import type { ContractExpression } from "../../language/syntax/contract.ts";
import type { Binary, Call, Choice, Unary } from "../../language/syntax/syntax.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ExpressionType } from "../typed/value-types.ts";
import { checkTypeOf, condition, widthOfRead } from "./checked.ts";
import { type Checked, type ContractScope, describeType, isSameType, type Width } from "./scope.ts";

const NUMBER = { kind: "number" } as const;
const BOOL = { kind: "bool" } as const;

/** Checks `old(e)`, `-e` or `!e`. Undefined, after a report, if it is faulty. */
export function checkUnary(
  expression: Unary<ContractExpression>,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { type, span } = expression;
  if (type === "old") {
    if (scope.permissions.old) return scope.check(expression.operand, scope, true);
    scope.report("type", span, `${scope.permissions.place} cannot mention \`old\``);
    return undefined;
  }
  const operand = checkTypeOf(expression.operand, type === "not" ? BOOL : NUMBER, scope, isOld);
  if (operand === undefined) return undefined;
  const typed: Typed = { type, operand: operand.typed, span };
  if (type === "not") return condition(typed);
  return { typed, of: NUMBER, width: { ...operand.width, natural: false } };
}

/** Checks `if c then a else b`. Undefined, after a report, if it is faulty. */
export function checkChoice(
  expression: Choice<ContractExpression>,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const test = checkTypeOf(expression.condition, BOOL, scope, isOld);
  const then = scope.check(expression.consequent, scope, isOld);
  const otherwise = scope.check(expression.alternative, scope, isOld);
  if (test === undefined || then === undefined || otherwise === undefined) return undefined;
  if (!isSameType(then.of, otherwise.of)) {
    const message = `both branches of \`if\` must be of one type, not ${describeType(then.of)} and ${describeType(otherwise.of)}`;
    scope.report("type", expression.span, message);
    return undefined;
  }
  const typed: Typed = {
    type: "if",
    condition: test.typed,
    consequent: then.typed,
    alternative: otherwise.typed,
    span: expression.span,
  };
  const natural = then.width.natural && otherwise.width.natural;
  const width = { natural, ...widestOf([then, otherwise]) };
  return { typed, of: then.of, width, fields: fieldsOfChoice(then, otherwise) };
}

/**
 * Returns the widths of the fields of `if c then left else right`. Undefined if the operands are no
 * records, or are both stored records.
 */
function fieldsOfChoice(left: Checked, right: Checked): readonly Width[] | undefined {
  if (left.of.kind !== "record" || (left.fields ?? right.fields) === undefined) return undefined;
  return left.of.fields.map(({ type }, at) => {
    const both = [left, right].map(({ fields }) => fields?.[at] ?? widthOfRead(type));
    const natural = both.every((one) => one.natural);
    return { natural, ...widest(both.map((width) => ({ sort: "number", ...width }))) };
  });
}

function widestOf(parts: readonly Checked[]): Pick<Width, "bits" | "writtenBits"> {
  return widest(parts.map(({ width }) => ({ sort: "number", ...width })));
}

/** Checks `min(a, b)`, `max(a, b)` or `abs(a)`. Undefined, after a report, if it is faulty. */
export function checkCall(
  call: Call<ContractExpression>,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const operands = call.operands.flatMap(
    (operand) => checkTypeOf(operand, NUMBER, scope, isOld) ?? [],
  );
  if (operands.length !== call.operands.length) return undefined;
  const naturals = operands.filter(({ width }) => width.natural).length;
  const needed = call.callee === "min" ? operands.length : 1;
  const natural = call.callee === "abs" || naturals >= needed;
  const { callee, span } = call;
  const typed: Typed = { type: "call", callee, operands: operands.map((one) => one.typed), span };
  return { typed, of: NUMBER, width: { natural, ...widestOf(operands) } };
}

/**
 * Checks two operands with an operator between them. Undefined, after a report, if they are faulty.
 */
export function checkBinary(
  expression: Binary<ContractExpression>,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { operator, span } = expression;
  const sides = (wanted: ExpressionType | undefined): readonly [Checked, Checked] | undefined => {
    const [left, right] = [expression.left, expression.right].map((side) =>
      wanted === undefined
        ? scope.check(side, scope, isOld)
        : checkTypeOf(side, wanted, scope, isOld),
    );
    return left === undefined || right === undefined ? undefined : [left, right];
  };
  const typed = ([left, right]: readonly [Checked, Checked]): Typed => ({
    type: "binary",
    operator,
    left: left.typed,
    right: right.typed,
    span,
  });
  switch (operator) {
    case "&&":
    case "||":
    case "=>": {
      const both = sides(BOOL);
      return both === undefined ? undefined : condition(typed(both));
    }
    case "==":
    case "!=": {
      const both = sides(undefined);
      if (both === undefined) return undefined;
      const [left, right] = both;
      if (!isSameType(left.of, right.of) || left.of.kind === "signature") {
        scope.report("type", span, describeMismatch(operator, left.of, right.of));
        return undefined;
      }
      return condition(typed(both));
    }
    default: {
      const both = sides(NUMBER);
      if (both === undefined) return undefined;
      if (operator === "<" || operator === "<=" || operator === ">" || operator === ">=") {
        return condition(typed(both));
      }
      const [left, right] = both.map(({ width }) => ({ sort: "number" as const, ...width }));
      if (left === undefined || right === undefined) return undefined;
      const { bits, natural, writtenBits } = arithmeticShape(operator, left, right);
      return { typed: typed(both), of: NUMBER, width: { bits, natural, writtenBits } };
    }
  }
}

function describeMismatch(operator: string, left: ExpressionType, right: ExpressionType): string {
  const kinds = [left.kind, right.kind];
  const isZero = kinds.includes("account") && kinds.includes("number");
  const hint = isZero ? "; the account of nobody is `none`" : "";
  const types = `${describeType(left)} and ${describeType(right)}`;
  return `\`${operator}\` compares two values of one type, not ${types}${hint}`;
}
