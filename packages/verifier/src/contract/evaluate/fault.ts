import type { Span } from "../../obligation.ts";
import type { FieldValue, ScalarType } from "../typed/value-types.ts";
import { isOfType } from "../typed/values.ts";

/**
 * Reason of a fault. `arguments` and `state` are mistakes of the caller. The others cannot happen
 * if the contract is proved: a division by zero, a stored value, key or hashed number that is out
 * of range, or a store to the holdings of `none`.
 */
export type ContractFault = "arguments" | "state" | "division-by-zero" | "range" | "key" | "none";

/** Error of a step that has no value, with its place. `runCall` catches it. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: ContractFault;
  readonly span: Span;

  constructor(code: ContractFault, span: Span, message: string) {
    super(message);
    this.code = code;
    this.span = span;
  }
}

/** Throws a fault unless each key is a value of its type, and in its range. */
export function checkKeys(
  types: readonly ScalarType[],
  keys: readonly FieldValue[],
  span: Span,
): void {
  types.forEach((type, at) => {
    const key = keys[at];
    if (key !== undefined && isOfType(key, type)) return;
    throw new Fault("key", span, `the key ${String(key)} is out of the range of its type`);
  });
}
