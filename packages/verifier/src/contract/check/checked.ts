import { printContractExpression } from "../../language/print/print-contract.ts";
import type { ContractExpression } from "../../language/syntax/contract.ts";
import { valueBits } from "../../language/syntax/fields.ts";
import type { Span } from "../../obligation.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ExpressionType, FieldValue } from "../typed/value-types.ts";
import {
  type Checked,
  type ContractScope,
  describeType,
  isSameType,
  type LiteralType,
  PLACES,
  type Width,
} from "./scope.ts";

/** Width of a value that is not a number. */
export const plain: Width = { bits: 1, natural: false, writtenBits: 1 };

/** Returns the width of numbers of `bits` bits. `natural` says that they are never negative. */
export function widthOf(bits: number, natural: boolean): Width {
  return { bits, natural, writtenBits: bits };
}

/**
 * Checks an expression, and reports a type other than `wanted`. Undefined if the expression is
 * faulty or has another type.
 */
export function checkTypeOf(
  expression: ContractExpression,
  wanted: ExpressionType,
  scope: ContractScope,
  isOld = false,
): Checked | undefined {
  const checked = scope.check(expression, scope, isOld);
  if (checked === undefined || isSameType(checked.of, wanted)) return checked;
  const text = excerpt(expression);
  const message = `expected ${describeType(wanted)}, but \`${text}\` is ${describeType(checked.of)}`;
  scope.report("type", expression.span, message);
  return undefined;
}

/** Returns the checker's result for an expression of type bool. */
export function condition(typed: Typed): Checked {
  return { typed, of: { kind: "bool" }, width: plain };
}

/** Returns the checker's result for a literal. */
export function literal(value: FieldValue, of: LiteralType, span: Span, width = plain): Checked {
  return { typed: { type: "literal", value, of, span }, of, width };
}

/** Tells whether the state may be read in this part of the contract. Reports the read if not. */
export function mayRead(span: Span, scope: ContractScope): boolean {
  if (scope.permissions.state !== "none") return true;
  const instead =
    scope.permissions === PLACES.term ? ": it mentions its cell, its keys and constants" : "";
  scope.report("type", span, `${scope.permissions.place} cannot read the state${instead}`);
  return false;
}

/** Returns the width of a value that is read from the state or given as an argument. */
export function widthOfRead(type: { readonly kind: string }): Width {
  if (type.kind === "amount") return widthOf(valueBits.amount, true);
  return type.kind === "int" ? widthOf(valueBits.int, false) : plain;
}

/** Returns the text of an expression, cut after 40 characters. */
export function excerpt(expression: ContractExpression): string {
  const text = printContractExpression(expression);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
