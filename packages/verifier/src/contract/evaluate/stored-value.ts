import { assert, toHex } from "@aethel/models/primitives";
import type { ContractValue, FieldValue, ScalarType, ValueType } from "../typed/value-types.ts";
import { isOfType } from "../typed/values.ts";
import { encodeField, encodeValue } from "./encode-value.ts";

/** Encoded sizes, in bytes, of the types that are no records. */
const SIZES = { account: 32, digest: 32, amount: 8, int: 16, bool: 1, enum: 1 } as const;

/** Returns the number of bytes of each encoded value of a type. */
export function storedSize(type: ValueType): number {
  if (type.kind !== "record") return SIZES[type.kind];
  return type.fields.reduce((sum, field) => sum + SIZES[field.type.kind], 0);
}

/**
 * Encodes a value of a type as contracts store it: with the fixed size of the type, numbers
 * big-endian, a record as its fields in order.
 */
export function encodeStored(value: ContractValue, type: ValueType): Uint8Array {
  if (type.kind === "record") return encodeValue(value, type);
  assert(typeof value !== "object", "a checked value is of its type");
  return encodeField(value, type);
}

/**
 * Decodes a stored value. Undefined for bytes that `encodeStored` never returns: those of another
 * length, or of a value that is not in the type.
 */
export function decodeStored(bytes: Uint8Array, type: ValueType): ContractValue | undefined {
  if (bytes.length !== storedSize(type)) return undefined;
  const value = type.kind === "record" ? decodeRecord(bytes, type) : decodeField(bytes, type);
  return value !== undefined && isOfType(value, type) ? value : undefined;
}

function decodeRecord(
  bytes: Uint8Array,
  type: Extract<ValueType, { kind: "record" }>,
): readonly FieldValue[] | undefined {
  const values: FieldValue[] = [];
  let at = 0;
  for (const field of type.fields) {
    const size = SIZES[field.type.kind];
    const value = decodeField(bytes.subarray(at, at + size), field.type);
    if (value === undefined) return undefined;
    values.push(value);
    at += size;
  }
  return values;
}

function decodeField(bytes: Uint8Array, { kind }: ScalarType): FieldValue | undefined {
  switch (kind) {
    case "account":
    case "digest":
      return toHex(bytes);
    case "bool":
      return bytes[0] === 1 ? true : bytes[0] === 0 ? false : undefined;
    case "amount":
    case "enum":
      return BigInt(`0x${toHex(bytes)}`);
    case "int":
      return BigInt.asIntN(128, BigInt(`0x${toHex(bytes)}`));
  }
}
