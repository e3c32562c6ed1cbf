import { assertNever } from "@aethel/models/primitives";
import type { Sort } from "./sort.ts";

/** Functions that name declared sorts and sort parameters. */
export interface SortNames {
  readonly declared: (sort: Extract<Sort, { type: "declared" }>) => string;
  readonly parameter: (index: number) => string;
}

/**
 * Writes a sort in the syntax of SMT-LIB. The recursion is bounded because the size of sorts is.
 */
export function writeSort(sort: Sort, names: SortNames): string {
  switch (sort.type) {
    case "Bool":
    case "Int":
    case "Real":
    case "RoundingMode":
    case "String":
    case "RegLan":
      return sort.type;
    case "array":
      return `(Array ${writeSort(sort.index, names)} ${writeSort(sort.element, names)})`;
    case "bits":
      return `(_ BitVec ${sort.width})`;
    case "float":
      return `(_ FloatingPoint ${sort.exponent} ${sort.significand})`;
    case "declared":
      return names.declared(sort);
    case "parameter":
      return names.parameter(sort.index);
    default:
      return assertNever(sort);
  }
}
