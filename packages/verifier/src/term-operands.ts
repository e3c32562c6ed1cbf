import { assertNever } from "@aethel/models/primitives";
import type { Term } from "./term.ts";

/** Returns the direct operands of a term, in their order. */
export function operandsOf(term: Term): readonly Term[] {
  switch (term.type) {
    case "integer":
    case "boolean":
    case "rational":
    case "bits":
    case "symbol":
      return [];
    case "apply":
    case "arithmetic":
    case "and":
    case "or":
    case "bit-operation":
      return term.operands;
    case "compare":
    case "equal":
    case "implies":
    case "compare-bits":
      return [term.left, term.right];
    case "not":
    case "to-real":
    case "floor":
    case "extract":
      return [term.operand];
    case "if":
      return [term.condition, term.then, term.else];
    case "select":
      return [term.array, term.index];
    case "store":
      return [term.array, term.index, term.value];
    case "constant-array":
      return [term.value];
    default:
      return assertNever(term);
  }
}
