import { DivisionByZero, type Environment, evaluate } from "../evaluate.ts";
import { childrenOf } from "../syntax/children.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type { Module } from "../syntax/module.ts";
import type { Expression, Intent } from "../syntax/syntax.ts";
import { checkExpression, number, type Scope, type Shape } from "./check-expression.ts";

/** Value of a constant. */
export type Literal = bigint | boolean;

/** Evaluates the constants of a module. A constant may use earlier ones. */
export function foldConstants(
  module: Module,
  report: Scope["report"],
): ReadonlyMap<string, Literal> {
  const values = new Map<string, Literal>();
  const names = new Map<string, Shape>();
  for (const item of module.items) {
    if (item.type !== "constant") continue;
    const { text } = item.name;
    if (names.has(text)) report("duplicate", item.name.span, `\`${text}\` is declared already`);
    const shape = readsState(item.value)
      ? reportState(item.value, report)
      : checkExpression(item.value, { names, report });
    names.set(text, shape);
    const value = shape.sort === "unknown" ? undefined : fold(item.value, values, report);
    // A faulty constant keeps its name, so that its uses are not reported again.
    values.set(text, value ?? 0n);
    if (typeof value === "bigint") names.set(text, numberShape(value));
  }
  return values;
}

/** Replaces each use of a constant in an intent by its value. */
export function substituteIntent(intent: Intent, constants: ReadonlyMap<string, Literal>): Intent {
  if (constants.size === 0) return intent;
  const inside = (expression: Expression): Expression => substitute(expression, constants);
  return {
    ...intent,
    guard: intent.guard.map((clause) =>
      clause.type === "let"
        ? { ...clause, value: inside(clause.value) }
        : { ...clause, expression: inside(clause.expression) },
    ),
    effect: intent.effect.map((statement) => ({ ...statement, value: inside(statement.value) })),
    verify: intent.verify.map((clause) =>
      clause.type === "let"
        ? { ...clause, value: inside(clause.value) }
        : { ...clause, expression: inside(clause.expression) },
    ),
  };
}

function numberShape(value: bigint): Shape {
  const magnitude = value < 0n ? -value : value;
  return number(magnitude.toString(2).length, { natural: value >= 0n });
}

function readsState(expression: Expression): boolean {
  const { type } = expression;
  if (type === "field" || type === "supply" || type === "sequence") return true;
  return childrenOf(expression).some(readsState);
}

function reportState(expression: Expression, report: Scope["report"]): Shape {
  report("type", expression.span, "a constant cannot depend on the state or on `sequence`");
  return { sort: "unknown", bits: 1, natural: false, writtenBits: 1 };
}

function fold(
  expression: Expression,
  values: ReadonlyMap<string, Literal>,
  report: Scope["report"],
): Literal | undefined {
  const environment: Environment = {
    name: (name) => values.get(name) ?? 0n,
    field: () => 0n,
    supply: () => 0n,
    sequence: () => 0n,
    spend: () => undefined,
  };
  try {
    const value = evaluate(expression, environment);
    if (typeof value === "boolean") return value;
    if (typeof value === "bigint" && numberShape(value).bits <= LANGUAGE_LIMITS.numeralBits) {
      return value;
    }
    report("limit", expression.span, `a constant is below 2^${LANGUAGE_LIMITS.numeralBits}`);
  } catch (error) {
    if (!(error instanceof DivisionByZero)) throw error;
    report("type", error.span, "this constant divides by zero");
  }
  return undefined;
}

function substitute(expression: Expression, constants: ReadonlyMap<string, Literal>): Expression {
  const inside = (inner: Expression): Expression => substitute(inner, constants);
  switch (expression.type) {
    case "name":
      return literal(expression, constants.get(expression.name));
    case "old":
    case "negate":
    case "not":
      return { ...expression, operand: inside(expression.operand) };
    case "binary":
      return { ...expression, left: inside(expression.left), right: inside(expression.right) };
    case "if":
      return {
        ...expression,
        condition: inside(expression.condition),
        consequent: inside(expression.consequent),
        alternative: inside(expression.alternative),
      };
    case "call":
      return { ...expression, operands: expression.operands.map(inside) };
    default:
      return expression;
  }
}

function literal(
  use: Extract<Expression, { type: "name" }>,
  value: Literal | undefined,
): Expression {
  const { span } = use;
  if (value === undefined) return use;
  if (typeof value === "boolean") return { type: "boolean", value, span };
  if (value >= 0n) return { type: "integer", value, span };
  return { type: "negate", operand: { type: "integer", value: -value, span }, span };
}
