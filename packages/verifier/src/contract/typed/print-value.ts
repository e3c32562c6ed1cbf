import type { FieldValue, ScalarType } from "./value-types.ts";
import { none } from "./values.ts";

/**
 * Returns a value in the words of the source: `Phase.open` for a word of an enumeration, `none` for
 * the account of nobody. `nameOf` names other accounts and digests; by default they are their first
 * digits.
 */
export function printValue(
  value: FieldValue,
  type: ScalarType | { readonly kind: "signature" },
  nameOf: (text: string) => string = firstDigits,
): string {
  if (type.kind === "enum" && typeof value === "bigint") {
    return `${type.name}.${type.words[Number(value)] ?? value}`;
  }
  if (typeof value !== "string") return String(value);
  if (type.kind === "account" && value === none) return "none";
  return nameOf(value);
}

function firstDigits(text: string): string {
  return `${text.slice(0, 8)}...`;
}
