import type { ContractValue, FieldValue, ScalarType, ValueType } from "@aethel/verifier";
import { z } from "zod";

/** Value of a contract's state in JSON. */
export type ValueJson = string | boolean | Readonly<Record<string, string | boolean>>;

/**
 * Value of a contract's state in JSON: numbers as decimal strings, accounts and digests as 64 hex
 * digits, a word of an enumeration by its name, a record by its fields.
 */
export const ValueBody: z.ZodType<ValueJson> = z.union([
  z.string(),
  z.boolean(),
  z.record(z.string(), z.union([z.string(), z.boolean()])),
]);

/** Converts a value of a type to JSON. */
export function valueJson(value: ContractValue, type: ValueType): ValueJson {
  if (type.kind !== "record") return scalarJson(value, type);
  return Object.fromEntries(
    type.fields.map((field, at) => [
      field.name,
      scalarJson(typeof value === "object" ? (value[at] ?? "") : value, field.type),
    ]),
  );
}

function scalarJson(value: ContractValue, type: ScalarType): string | boolean {
  if (typeof value === "boolean") return value;
  return type.kind === "enum" ? (type.words[Number(value)] ?? String(value)) : String(value);
}

/** Writes a key of a map as a segment of a URL path. */
export function keyText(value: FieldValue, type: ScalarType): string {
  return String(scalarJson(value, type));
}

const AMOUNT_MAX = 2n ** 64n - 1n;
const INT_MAX = 2n ** 127n - 1n;

/** Reads a key of a map from a segment of a URL path. Undefined if it is not of the type. */
export function keyOfText(text: string, type: ScalarType): FieldValue | undefined {
  switch (type.kind) {
    case "account":
    case "digest":
      return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
    case "amount":
    case "int": {
      if (!/^(0|-?[1-9]\d{0,38})$/.test(text)) return undefined;
      const [value, min, max] = [
        BigInt(text),
        type.kind === "amount" ? 0n : -INT_MAX,
        type.kind === "amount" ? AMOUNT_MAX : INT_MAX,
      ];
      return value >= min && value <= max ? value : undefined;
    }
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "enum": {
      const at = type.words.indexOf(text);
      return at < 0 ? undefined : BigInt(at);
    }
  }
}

/** Writes a type as the language names it. */
export function typeText(type: ValueType | { readonly kind: "signature" }): string {
  if (type.kind === "record" || type.kind === "enum") return type.name;
  return `${type.kind[0]?.toUpperCase()}${type.kind.slice(1)}`;
}
