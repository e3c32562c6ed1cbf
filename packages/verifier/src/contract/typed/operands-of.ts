import type { TypedContract } from "./typed-contract.ts";
import type { Typed } from "./typed-expression.ts";
import type { FieldValue } from "./value-types.ts";

/** Returns the direct operands of an expression. The term of a sum is not among them. */
export function operandsOf(typed: Typed): readonly Typed[] {
  switch (typed.type) {
    case "negate":
    case "not":
    case "sha256":
      return [typed.operand];
    case "binary":
      return [typed.left, typed.right];
    case "if":
      return [typed.condition, typed.consequent, typed.alternative];
    case "call":
      return typed.operands;
    case "project":
      return [typed.record];
    case "record":
      return typed.fields;
    case "signed":
    case "holding":
      return [typed.account];
    case "signed-message":
      return [typed.account, typed.record, typed.signature];
    case "cell":
    case "has":
      return typed.keys;
    case "sum":
      return typed.row === undefined ? [] : [typed.row];
    default:
      return [];
  }
}

/** Returns the literals in some expressions, those in the terms of sums as well. */
export function literalsOf(roots: readonly Typed[]): readonly FieldValue[] {
  const found = new Set<FieldValue>();
  const open = [...roots];
  for (let typed = open.pop(); typed !== undefined; typed = open.pop()) {
    if (typed.type === "literal") found.add(typed.value);
    if (typed.type === "sum") open.push(typed.term);
    open.push(...operandsOf(typed));
  }
  return [...found];
}

/** Returns the expressions of a contract's rules, exits and intents. */
export function expressionsOf(contract: TypedContract): readonly Typed[] {
  const rules = [...contract.invariants, ...contract.transitions].map(({ condition }) => condition);
  const exits = contract.exits.flatMap(({ condition, keeping, after, within }) =>
    [condition, keeping?.amount, after, within].flatMap((one) => one ?? []),
  );
  const intents = contract.intents.flatMap(({ lets, guard, effect, verify }) => [
    ...[...lets, ...guard, ...verify].map((one) =>
      one.type === "let" ? one.value : one.condition,
    ),
    ...effect.map((one) => {
      if (one.type === "assert") return one.condition;
      return one.type === "emit" ? one.event : one.value;
    }),
  ]);
  return [...rules, ...exits, ...intents];
}
