import { isAmount } from "../../intent/ledger-invariants.ts";
import { intMax } from "../../language/syntax/fields.ts";
import type { ContractValue, ScalarType, ValueType } from "../typed/value-types.ts";
import { noNumber, type ValueWidth } from "./value-width.ts";

/** Tells whether a computed value is in the range of a type. */
export type RangeCheck = (value: ContractValue) => boolean;

/**
 * Returns the check that a computed value is in the range of a type; undefined if its width shows
 * that it always is. Only numbers can leave their range: other computed values come from arguments
 * that were checked, from the state and from the source.
 */
export function rangeCheckOf(type: ValueType, width: ValueWidth): RangeCheck | undefined {
  if (type.kind !== "record") return scalarCheck(type, width);
  const checks = type.fields.flatMap((field, at): readonly (readonly [number, RangeCheck])[] => {
    const check = scalarCheck(field.type, width.fields[at] ?? noNumber);
    return check === undefined ? [] : [[at, check]];
  });
  if (checks.length === 0) return undefined;
  return (value) => {
    if (typeof value !== "object") return false;
    for (const [at, check] of checks) {
      const field = value[at];
      if (field === undefined || !check(field)) return false;
    }
    return true;
  };
}

function scalarCheck(type: ScalarType, { bits, isNatural }: ValueWidth): RangeCheck | undefined {
  if (type.kind === "amount") return isNatural && bits <= 64 ? undefined : isAmountValue;
  return type.kind === "int" && bits > 127 ? isIntValue : undefined;
}

function isAmountValue(value: ContractValue): boolean {
  return typeof value === "bigint" && isAmount(value);
}

function isIntValue(value: ContractValue): boolean {
  return typeof value === "bigint" && value <= intMax && value >= -intMax;
}
