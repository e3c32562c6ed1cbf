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
      return showAmount(value);
    case "int":
      return `${value.startsWith("-") ? "-" : ""}${group(BigInt(value.replace("-", "")))}`;
    default:
      return value;
  }
}

/**
 * Formats an amount: the number itself, and as tokens if it is large enough to be read so. An
 * amount of another asset has no tokens.
 */
export function showAmount(amount: string, asset = ""): string {
  const number = group(BigInt(amount));
  if (asset !== "") return `${number} ${asset}`;
  return amount === "0" ? "0" : `${number}  (${formatTokens(BigInt(amount))} tokens)`;
}
