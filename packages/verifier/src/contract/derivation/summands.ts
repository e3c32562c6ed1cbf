import { conjunctsOf, type Formula, present, valueOf } from "./formulas.ts";
import type { Symbols } from "./symbols.ts";

export function operandPair({ operands }: Formula): readonly [Formula, Formula] {
  const [left, right] = operands;
  return [present(left, "a left operand"), present(right, "a right operand")];
}

export function summandsOf(total: Formula): readonly Formula[] {
  if (total.operator === "add") return total.operands;
  return valueOf(total) === 0n ? [] : [total];
}

/** Splits `if conditions then amount else 0`; other summands have no conditions. */
export function conditional(
  { formulas }: Symbols,
  summand: Formula,
): { readonly amount: Formula; readonly conditions: ReadonlySet<Formula> } {
  const [condition, amount, otherwise] = summand.operator === "if" ? summand.operands : [];
  if (condition === undefined || amount === undefined || otherwise !== formulas.integer(0n)) {
    return { amount: summand, conditions: new Set() };
  }
  return { amount, conditions: new Set(conjunctsOf(condition)) };
}

/** Tells whether a formula is always true, or among some conditions. */
export function hasCondition(
  { formulas }: Symbols,
  conditions: ReadonlySet<Formula>,
  formula: Formula,
): boolean {
  return formula === formulas.truth || conjunctsOf(formula).every((one) => conditions.has(one));
}
