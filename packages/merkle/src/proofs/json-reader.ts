import { fromHex } from "@aethel/models";
import { decodeFault } from "../bytes/decode-fault.ts";

/**
 * Reads an object, which must not have other fields than the known ones.
 * @throws MerkleError `DECODE`.
 */
export function readRecord(
  field: string,
  json: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (!isRecord(json)) throw decodeFault(field, "expected an object");
  for (const name of Object.keys(json)) {
    if (known.includes(name)) continue;
    throw decodeFault(field === "" ? name : `${field}.${name}`, "is not a field of this type");
  }
  return json;
}

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/**
 * Returns parsed JSON as a list.
 * @throws MerkleError `DECODE` if it is not a list.
 */
export function readList(field: string, json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw decodeFault(field, "expected a list");
}

/**
 * Reads `min` to `max` bytes from lower-case hex.
 * @throws MerkleError `DECODE`.
 */
export function readBytes(
  field: string,
  json: unknown,
  { min, max }: { readonly min: number; readonly max: number },
): Uint8Array {
  if (typeof json !== "string") throw decodeFault(field, "expected a string of hex");
  const length = Math.ceil(json.length / 2);
  if (length < min || length > max) {
    throw decodeFault(field, `${length} bytes are not in ${min} .. ${max}`);
  }
  if (json.length % 2 !== 0 || !/^[0-9a-f]*$/.test(json)) {
    throw decodeFault(field, "expected lower-case hex of even length");
  }
  return fromHex(json);
}
