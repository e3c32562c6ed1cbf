import { assert } from "@aethel/models/primitives";
import type { Typed } from "./typed-expression.ts";
import type { ExpressionType } from "./value-types.ts";
import { typeOfRead } from "./values.ts";

/** Returns the type of a typed expression. */
export function typeOf(typed: Typed): ExpressionType {
  switch (typed.type) {
    case "literal":
    case "local":
    case "scalar":
    case "cell":
    case "record":
      return typed.of;
    case "not":
    case "signed":
    case "signed-message":
    case "has":
      return { kind: "bool" };
    case "sha256":
      return { kind: "digest" };
    case "if":
      return typeOf(typed.consequent);
    case "project": {
      const field = typed.of.fields[typed.at];
      assert(field !== undefined, "a checked field is declared");
      return typeOfRead(field.type);
    }
    case "binary":
      return isArithmetic(typed.operator) ? { kind: "number" } : { kind: "bool" };
    default:
      return { kind: "number" };
  }
}

function isArithmetic(operator: string): boolean {
  return /^[-+*/%]$/.test(operator);
}
