import type { Span } from "../../obligation.ts";
import { printExpression } from "../print/print.ts";
import type { DeclaredAsset } from "../syntax/assets.ts";
import type { DiagnosticCode } from "../syntax/diagnostic.ts";
import { fieldNames, isFieldName, valueBits } from "../syntax/fields.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type { Expression, Field, Name, SupplyOf } from "../syntax/syntax.ts";

/**
 * Type of an expression. A faulty expression is `unknown`, so that nothing more is reported about
 * it.
 */
export type Sort = "number" | "boolean" | "account" | "unknown";

/** Facts that the checker knows about the values of an expression. */
export interface Shape {
  readonly sort: Sort;
  /** Bound on the magnitude: it is below 2^bits for all arguments and all states. */
  readonly bits: number;
  /** Whether the value is never negative. */
  readonly natural: boolean;
  /**
   * Width of the value, in bits, if a quotient or remainder is taken to be as wide as its wider
   * operand. A solver that substitutes `let`s works with polynomials of that size.
   */
  readonly writtenBits: number;
}

/** Names in scope, and the function to which faults are reported. */
export interface Scope {
  readonly names: ReadonlyMap<string, Shape>;
  /** Declared assets. Absent in a constant, which cannot read the state. */
  readonly assets?: ReadonlyMap<string, DeclaredAsset>;
  readonly report: (code: DiagnosticCode, span: Span, message: string) => void;
}

const amount: Shape = number(valueBits.amount, { natural: true });
const boolean: Shape = { sort: "boolean", bits: 1, natural: false, writtenBits: 1 };
const unknown: Shape = { sort: "unknown", bits: 1, natural: false, writtenBits: 1 };

/** Checks the names, fields, types and widths of an expression. Reports every fault once. */
export function checkExpression(expression: Expression, scope: Scope): Shape {
  const shape = shapeOf(expression, scope);
  const { valueBits: most } = LANGUAGE_LIMITS;
  if (shape.bits <= most && shape.writtenBits <= most) return shape;
  const message =
    shape.bits > most
      ? `this value can need ${shape.bits} bits; at most ${most} are allowed`
      : `this value, written out without \`let\`, \`/\` and \`%\`, can need ${shape.writtenBits} bits; at most ${most} are allowed`;
  scope.report("limit", expression.span, message);
  return unknown;
}

/** Checks an expression, and reports a type other than `wanted`. */
export function checkSort(
  expression: Expression,
  wanted: "number" | "boolean",
  scope: Scope,
): Shape {
  const shape = checkExpression(expression, scope);
  if (shape.sort === wanted || shape.sort === "unknown") return shape;
  const names = { number: "a number", boolean: "a condition", account: "an account" };
  const text = `expected ${names[wanted]}, but \`${excerpt(expression)}\` is ${names[shape.sort]}`;
  scope.report("type", expression.span, text);
  return unknown;
}

/**
 * Checks that the account, the field and the asset of `account.field` or `account.balance[asset]`
 * exist.
 */
export function checkField(field: Field, scope: Scope): Shape {
  const owner = scope.names.get(field.account.text);
  if (owner === undefined) {
    scope.report("unknown-name", field.account.span, unknownName(field.account.text, scope));
    return unknown;
  }
  if (owner.sort !== "account") {
    const message = `\`${field.account.text}\` is not an account, so it has no fields`;
    if (owner.sort !== "unknown") scope.report("type", field.account.span, message);
    return unknown;
  }
  if (!isFieldName(field.field.text)) {
    const known = fieldNames.map((name) => `\`${name}\``).join(" and ");
    const message = `an account has no field \`${field.field.text}\`; there are ${known}`;
    scope.report("unknown-field", field.field.span, message);
    return unknown;
  }
  if (field.asset !== undefined) {
    if (field.field.text !== "balance") {
      const message = `only \`balance\` is held per asset; there is no \`${field.field.text}\` of one`;
      scope.report("unknown-field", field.field.span, message);
      return unknown;
    }
    return checkAsset(field.asset, scope);
  }
  return amount;
}

/** Checks that the asset of `supply[asset]` is declared. */
export function checkSupply(supply: SupplyOf, scope: Scope): Shape {
  return checkAsset(supply.asset, scope);
}

function checkAsset(asset: Name, scope: Scope): Shape {
  if (scope.assets?.has(asset.text) === true) return amount;
  const message = `the asset \`${asset.text}\` is not declared; write \`asset ${asset.text} issuer "...";\``;
  scope.report("unknown-name", asset.span, message);
  return unknown;
}

function shapeOf(expression: Expression, scope: Scope): Shape {
  switch (expression.type) {
    case "integer": {
      const bits = expression.value.toString(2).length;
      return number(bits, { natural: true });
    }
    case "decimal": {
      const message = `decimals are not supported: \`${expression.text}\` must be written with integers`;
      scope.report("unsupported", expression.span, message);
      return unknown;
    }
    case "boolean":
      return boolean;
    case "name":
      return nameShape(expression.name, expression.span, scope);
    case "sequence":
      return number(valueBits.sequence, { natural: true });
    case "field":
      return checkField(expression, scope);
    case "supply":
      return checkSupply(expression, scope);
    case "old":
      return checkExpression(expression.operand, scope);
    case "negate":
      return numeric(checkSort(expression.operand, "number", scope), { natural: false });
    case "not":
      checkSort(expression.operand, "boolean", scope);
      return boolean;
    case "if":
      return ifShape(expression, scope);
    case "call":
      return callShape(expression, scope);
    case "binary":
      return binaryShape(expression, scope);
  }
}

function nameShape(name: string, span: Span, scope: Scope): Shape {
  const shape = scope.names.get(name);
  if (shape !== undefined) return shape;
  scope.report("unknown-name", span, unknownName(name, scope));
  return unknown;
}

function unknownName(name: string, scope: Scope): string {
  if (scope.assets?.has(name) === true) {
    return `\`${name}\` is an asset, not a value; write \`x.balance[${name}]\` or \`supply[${name}]\``;
  }
  const hint = olderSpelling(name, scope);
  return `\`${name}\` is not declared${hint === undefined ? "" : `; did you mean \`${hint}\`?`}`;
}

/**
 * Returns a hint for a name in the style of older programs: `from.balance` for `from_balance`,
 * `old(from.balance)` for `old_from_balance`, and `x` for `old_x`. Undefined if the rest of the
 * name is not in scope.
 */
function olderSpelling(name: string, scope: Scope): string | undefined {
  const old = name.startsWith("old_");
  const rest = old ? name.slice("old_".length) : name;
  const at = rest.lastIndexOf("_");
  const field = rest.slice(at + 1);
  if (at > 0 && isFieldName(field) && scope.names.get(rest.slice(0, at))?.sort === "account") {
    const spelled = `${rest.slice(0, at)}.${field}`;
    return old ? `old(${spelled})` : spelled;
  }
  return old && scope.names.has(rest) ? rest : undefined;
}

function ifShape(expression: Extract<Expression, { type: "if" }>, scope: Scope): Shape {
  checkSort(expression.condition, "boolean", scope);
  const then = checkExpression(expression.consequent, scope);
  const otherwise = checkExpression(expression.alternative, scope);
  if (then.sort === "unknown" || otherwise.sort === "unknown") return unknown;
  if (then.sort === "account" || then.sort !== otherwise.sort) {
    const message = "both branches of `if` must be numbers, or both conditions";
    scope.report("type", expression.span, message);
    return unknown;
  }
  const natural = then.natural && otherwise.natural;
  return { sort: then.sort, natural, ...widest([then, otherwise]) };
}

function callShape(call: Extract<Expression, { type: "call" }>, scope: Scope): Shape {
  const shapes = call.operands.map((operand) => checkSort(operand, "number", scope));
  if (shapes.some((shape) => shape.sort === "unknown")) return unknown;
  const naturals = shapes.filter((shape) => shape.natural).length;
  const needed = call.callee === "min" ? shapes.length : 1;
  const natural = call.callee === "abs" || naturals >= needed;
  return { sort: "number", natural, ...widest(shapes) };
}

function binaryShape(expression: Extract<Expression, { type: "binary" }>, scope: Scope): Shape {
  const { operator, left, right } = expression;
  switch (operator) {
    case "&&":
    case "||":
    case "=>":
      checkSort(left, "boolean", scope);
      checkSort(right, "boolean", scope);
      return boolean;
    case "==":
    case "!=": {
      const sorts = [checkExpression(left, scope).sort, checkExpression(right, scope).sort];
      if (!sorts.includes("unknown") && sorts[0] !== sorts[1]) {
        const message = `\`${operator}\` compares two values of one type, not ${sorts.join(" and ")}`;
        scope.report("type", expression.span, message);
      }
      return boolean;
    }
    case "<":
    case "<=":
    case ">":
    case ">=":
      checkSort(left, "number", scope);
      checkSort(right, "number", scope);
      return boolean;
    default: {
      const a = checkSort(left, "number", scope);
      const b = checkSort(right, "number", scope);
      if (a.sort === "unknown" || b.sort === "unknown") return unknown;
      return arithmeticShape(operator, a, b);
    }
  }
}

/** Returns the shape (facts known to the checker) of the result of an arithmetic operator. */
export function arithmeticShape(operator: "+" | "-" | "*" | "/" | "%", a: Shape, b: Shape): Shape {
  const both = a.natural && b.natural;
  const { bits, writtenBits } = widest([a, b]);
  switch (operator) {
    case "+":
      return { sort: "number", bits: bits + 1, natural: both, writtenBits: writtenBits + 1 };
    case "-":
      return { sort: "number", bits: bits + 1, natural: false, writtenBits: writtenBits + 1 };
    case "*": {
      const product = a.writtenBits + b.writtenBits;
      return { sort: "number", bits: a.bits + b.bits, natural: both, writtenBits: product };
    }
    case "/":
      // A Euclidean quotient's magnitude is at most the dividend's.
      return { sort: "number", bits: a.bits, natural: both, writtenBits };
    case "%":
      return { sort: "number", bits: b.bits, natural: true, writtenBits };
  }
}

/** Returns the shape (facts known to the checker) of a number with the given bound and sign. */
export function number(bits: number, { natural }: { readonly natural: boolean }): Shape {
  return { sort: "number", bits, natural, writtenBits: bits };
}

/** Returns the greatest `bits` and the greatest `writtenBits` of several shapes. */
export function widest(shapes: readonly Shape[]): Pick<Shape, "bits" | "writtenBits"> {
  return {
    bits: Math.max(...shapes.map((shape) => shape.bits)),
    writtenBits: Math.max(...shapes.map((shape) => shape.writtenBits)),
  };
}

function numeric(shape: Shape, change: { readonly natural: boolean }): Shape {
  return shape.sort === "unknown" ? unknown : { ...shape, ...change };
}

function excerpt(expression: Expression): string {
  const text = printExpression(expression);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
