import { group } from "@aethel/terminal";
import type { ValueType } from "@aethel/verifier";
import type { ValueJson } from "../api/contract-value.ts";
import { formatTokens } from "../terminal/format.ts";

const NONE = "0".repeat(64);

/**
 * Formats a value of a contract's state in lines: one line for a scalar value, one for each field
 * of a record.
 */
export function showValue(value: ValueJson, type: ValueType): readonly string[] {
  if (type.kind !== "record") return [showScalar(value, type.kind)];
  const width = Math.max(...type.fields.map(({ name }) => name.length));
  return type.fields.map((field) => {
    const part = typeof value === "object" ? (value[field.name] ?? "") : value;
    return `${field.name.padEnd(width)}  ${showScalar(part, field.type.kind)}`;
  });
}

function showScalar(value: ValueJson, kind: ValueType["kind"]): string {
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  switch (kind) {
    case "account":
      return value === NONE ? "none" : value;
    case "amount":
    case "int":
      return group(value);
    default:
      return value;
  }
}

/** Formats holdings of a vault: tokens, or units of a declared asset. */
export function showHolding(amount: string, asset: string): string {
  return asset === "" ? `${formatTokens(BigInt(amount))} tokens` : `${group(amount)} ${asset}`;
}
