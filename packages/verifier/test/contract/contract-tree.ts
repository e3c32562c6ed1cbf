import { originSpan } from "../../src/language/parse/source.ts";
import { printModule } from "../../src/language/print/print.ts";
import type { Contract, ContractExpression } from "../../src/language/syntax/contract.ts";
import type { BinaryOperator, Name } from "../../src/language/syntax/syntax.ts";

/** Builders of syntax trees of contracts, without places: print them to get sources. */
const span = originSpan;
export const named = (text: string): Name => ({ text, span });

export const integer = (value: bigint): ContractExpression =>
  value < 0n
    ? { type: "negate", operand: { type: "integer", value: -value, span }, span }
    : { type: "integer", value, span };
export const truth = (value: boolean): ContractExpression => ({ type: "boolean", value, span });
export const use = (name: string): ContractExpression => ({ type: "name", name, span });
export const member = (object: ContractExpression, text: string): ContractExpression => ({
  type: "member",
  object,
  member: named(text),
  span,
});
export const index = (object: ContractExpression, key: ContractExpression): ContractExpression => ({
  type: "index",
  object,
  key,
  span,
});
export const binary = (
  operator: BinaryOperator,
  left: ContractExpression,
  right: ContractExpression,
): ContractExpression => ({ type: "binary", operator, left, right, span });
export const bytes = (kind: "account" | "digest", byte: string): ContractExpression => ({
  type: "bytes",
  kind,
  hex: byte.repeat(32),
  span,
});

/** The source of a contract. */
export function sourceOfContract(contract: Contract): string {
  return printModule({ items: [contract] });
}
