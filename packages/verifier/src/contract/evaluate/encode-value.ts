import { assert, concatBytes, fromHex, UNITS } from "@aethel/models/primitives";
import { intMax } from "../../language/syntax/fields.ts";
import type { Span } from "../../obligation.ts";
import type {
  ContractValue,
  ExpressionType,
  FieldValue,
  ScalarType,
} from "../typed/value-types.ts";
import { isOfType } from "../typed/values.ts";
import { Fault } from "./fault.ts";

/** Encodes a value that is hashed or signed. Throws a fault if a number in it is out of range. */
export function encodeChecked(value: ContractValue, type: ExpressionType, span: Span): Uint8Array {
  const isInRange =
    type.kind === "record"
      ? isOfType(value, type)
      : typeof value !== "bigint" || (value <= intMax && value >= -intMax);
  if (!isInRange) throw new Fault("range", span, "a number that is hashed is out of range");
  return encodeValue(value, type);
}

/** Returns the units for hashing this many bytes. */
export function hashUnits(bytes: number): number {
  return UNITS.hash64 * (1 + Math.ceil(bytes / 64));
}

/** Returns the length of the encoding of each value of a type. */
export function encodedSize(type: ExpressionType): number {
  if (type.kind !== "record") return type.kind === "number" ? sizeOf("int") : sizeOf(type.kind);
  return type.fields.reduce((sum, field) => sum + sizeOf(field.type.kind), 0);
}

function sizeOf(kind: ScalarType["kind"] | "signature"): number {
  switch (kind) {
    case "account":
    case "digest":
      return 32;
    case "signature":
      return 64;
    case "int":
      return 16;
    case "amount":
      return 8;
    case "bool":
    case "enum":
      return 1;
  }
}

/**
 * Encodes a value with the fixed size of its type, as it is hashed and signed: an account or digest
 * as its 32 bytes, an amount as 8 bytes, a number as 16 bytes in two's complement, a truth value or
 * word of an enumeration as one byte, a record as its fields in order. Numbers are big-endian. The
 * number must be in the range of `Int`.
 */
export function encodeValue(value: ContractValue, type: ExpressionType): Uint8Array {
  if (type.kind !== "record") {
    assert(
      typeof value !== "object" && type.kind !== "signature",
      "a checked value is of its type",
    );
    return encodeField(value, type.kind === "number" ? { kind: "int" } : scalarOf(type));
  }
  assert(typeof value === "object", "a checked record has fields");
  const parts = type.fields.map((field, at) => {
    const part = value[at];
    assert(part !== undefined, "a checked field is declared");
    return encodeField(part, field.type);
  });
  return concatBytes(...parts);
}

function scalarOf(type: Exclude<ExpressionType, { kind: "record" }>): ScalarType {
  if (type.kind === "enum") return type;
  assert(type.kind === "bool" || type.kind === "account" || type.kind === "digest", "checked");
  return { kind: type.kind };
}

/** Encodes a value that is no record with the fixed size of its type. */
export function encodeField(value: FieldValue, type: ScalarType): Uint8Array {
  if (typeof value === "string") return fromHex(value);
  if (typeof value === "boolean") return Uint8Array.of(value ? 1 : 0);
  if (type.kind === "enum") return Uint8Array.of(Number(value));
  const size = sizeOf(type.kind);
  const bytes = new Uint8Array(size);
  let rest = BigInt.asUintN(8 * size, value);
  for (let at = size - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}
