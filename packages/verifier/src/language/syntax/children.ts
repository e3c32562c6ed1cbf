import type { Expression } from "./syntax.ts";

/** Returns the direct operands of an expression, from left to right. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case "old":
    case "negate":
    case "not":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "if":
      return [expression.condition, expression.consequent, expression.alternative];
    case "call":
      return expression.operands;
    default:
      return [];
  }
}
