import { assert } from "@aethel/models/primitives";
import { amountMax, intMax } from "../../language/syntax/fields.ts";
import type {
  ContractValue,
  ExpressionType,
  FieldValue,
  ScalarType,
  ValueType,
} from "./value-types.ts";

/** Account of nobody, and the default of accounts and digests: 32 zero bytes. */
export const none: string = "0000000000000000000000000000000000000000000000000000000000000000";

/** Returns the default of a type: the value of an absent cell. */
export function defaultOf(type: ValueType): ContractValue {
  return type.kind === "record"
    ? type.fields.map((field) => scalarDefault(field.type))
    : scalarDefault(type);
}

function scalarDefault(type: ScalarType): FieldValue {
  switch (type.kind) {
    case "account":
    case "digest":
      return none;
    case "amount":
    case "int":
    case "enum":
      return 0n;
    case "bool":
      return false;
  }
}

/** Tells whether a value equals the default of its type, so that its cell is absent. */
export function isDefault(value: ContractValue, type: ValueType): boolean {
  return equalValues(value, defaultOf(type));
}

/** Tells whether two values of one type are equal. */
export function equalValues(left: ContractValue, right: ContractValue): boolean {
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  return left.every((field, at) => field === right[at]);
}

/** Tells whether a value is one of a type: of its kind, and in its range. */
export function isOfType(value: ContractValue, type: ValueType): boolean {
  if (type.kind !== "record") return typeof value !== "object" && isOfScalarType(value, type);
  if (typeof value !== "object" || value.length !== type.fields.length) return false;
  return type.fields.every((field, at) => {
    const part = value[at];
    return part !== undefined && isOfScalarType(part, field.type);
  });
}

function isOfScalarType(value: FieldValue, type: ScalarType): boolean {
  switch (type.kind) {
    case "account":
    case "digest":
      return typeof value === "string" && hexPattern.test(value);
    case "amount":
      return typeof value === "bigint" && value >= 0n && value <= amountMax;
    case "int":
      return typeof value === "bigint" && value >= -intMax && value <= intMax;
    case "enum":
      return typeof value === "bigint" && value >= 0n && value < BigInt(type.words.length);
    case "bool":
      return typeof value === "boolean";
  }
}

const hexPattern = /^[0-9a-f]{64}$/;

/** Returns the type that an expression which reads a value of `type` has. */
export function typeOfRead(type: ValueType): ExpressionType {
  if (type.kind === "amount" || type.kind === "int") return { kind: "number" };
  if (type.kind === "record" || type.kind === "enum") return type;
  return { kind: type.kind };
}

/** Returns a field of a record. */
export function fieldOf(record: ContractValue, at: number): FieldValue {
  assert(typeof record === "object", "a checked record has fields");
  const field = record[at];
  assert(field !== undefined, "a checked field is declared");
  return field;
}

/** Returns a record with one field changed. */
export function withField(record: ContractValue, at: number, value: FieldValue): ContractValue {
  assert(typeof record === "object", "a checked record has fields");
  return record.with(at, value);
}
