import { sha256, toHex } from "@aethel/models/primitives";
import type { TermValue } from "../../term.ts";
import { encodeValue } from "../evaluate/encode-value.ts";
import type { ContractValue, ExpressionType, FieldValue } from "../typed/value-types.ts";
import { typeOfRead } from "../typed/values.ts";
import { type FiniteQuestion, observedKey, type RealHash } from "./finite-question.ts";

/**
 * Computes the SHA-256 of each value that the call or the rules hash in a model. Leaves out values
 * that the model does not give in full or that are outside their type.
 */
export function realHashes(
  { hashes }: FiniteQuestion,
  values: ReadonlyMap<string, TermValue>,
): readonly RealHash[] {
  return hashes.flatMap(({ type, parts }, at) => {
    const found = parts.flatMap((_, part) => values.get(observedKey.hashPart(at, part)) ?? []);
    const value = found.length === parts.length ? hashedValue(type, found) : undefined;
    if (value === undefined) return [];
    const digest = BigInt(`0x${toHex(sha256(encodeValue(value, type)))}`);
    return [{ at, parts: found, digest }];
  });
}

function hashedValue(type: ExpressionType, parts: readonly TermValue[]): ContractValue | undefined {
  const [only] = parts;
  if (type.kind !== "record") return only === undefined ? undefined : fieldValue(type, only);
  const fields = type.fields.flatMap((field, at) => {
    const part = parts[at];
    return part === undefined ? [] : (fieldValue(typeOfRead(field.type), part) ?? []);
  });
  return fields.length === type.fields.length ? fields : undefined;
}

function fieldValue(type: ExpressionType, value: TermValue): FieldValue | undefined {
  if (type.kind !== "account" && type.kind !== "digest") return value;
  if (typeof value !== "bigint" || value < 0n) return undefined;
  const hex = value.toString(16).padStart(64, "0");
  return hex.length === 64 ? hex : undefined;
}
