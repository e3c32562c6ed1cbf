import { fromHex } from "@aethel/models";
import { decodeFault } from "../bytes/byte-reader.ts";

/** The fields of an object that has no others. @throws MerkleError `DECODE`. */
export function readRecord(
  field: string,
  json: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw decodeFault(field, "expected an object");
  }
  const record = json as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(record)) {
    if (known.includes(name)) continue;
    throw decodeFault(field === "" ? name : `${field}.${name}`, "is not a field of this type");
  }
  return record;
}

/** @throws MerkleError `DECODE`. */
export function readList(field: string, json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw decodeFault(field, "expected a list");
}

/** Bytes of one of some lengths, in lower-case hex. @throws MerkleError `DECODE`. */
export function readBytes(
  field: string,
  json: unknown,
  { min, max }: { readonly min: number; readonly max: number },
): Uint8Array {
  if (typeof json !== "string") throw decodeFault(field, "expected a string of hex");
  const length = json.length / 2;
  if (length < min || length > max) {
    throw decodeFault(field, `${length} bytes are not in ${min} .. ${max}`);
  }
  if (json.length % 2 !== 0 || !/^[0-9a-f]*$/.test(json)) {
    throw decodeFault(field, "expected lower-case hex of even length");
  }
  return fromHex(json);
}
