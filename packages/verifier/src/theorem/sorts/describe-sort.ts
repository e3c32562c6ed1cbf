import { assertNever } from "@aethel/models/primitives";
import type { Sort } from "./sort.ts";

const SHOWN_MAX = 80;

/** A sort as the script would write it, cut where it is long: for messages. */
export function describeSort(sort: Sort): string {
  const text = write(sort);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}...`;
}

// Sorts are bounded in size, so this recursion is bounded too.
function write(sort: Sort): string {
  switch (sort.type) {
    case "Bool":
    case "Int":
    case "Real":
    case "RoundingMode":
    case "String":
    case "RegLan":
      return sort.type;
    case "array":
      return `(Array ${write(sort.index)} ${write(sort.element)})`;
    case "bits":
      return `(_ BitVec ${sort.width})`;
    case "float":
      return `(_ FloatingPoint ${sort.exponent} ${sort.significand})`;
    case "declared": {
      if (sort.operands.length === 0) return sort.symbol.name;
      return `(${sort.symbol.name} ${sort.operands.map(write).join(" ")})`;
    }
    case "parameter":
      return `parameter ${sort.index + 1}`;
    default:
      return assertNever(sort);
  }
}
