import { assertNever, fromHex, toHex } from "@aethel/models";
import { MerkleError } from "../errors.ts";
import { DEPTH_MAX, DIGEST_LENGTH, isValueLength, VALUE_LENGTH_MAX } from "../limits.ts";
import type { MerkleProof } from "./proof.ts";

/** A proof for people and browsers: the same fields, bytes as lower-case hex. Never hashed. */
export type MerkleProofJson =
  | { readonly type: "inclusion"; readonly siblings: readonly string[]; readonly value: string }
  | { readonly type: "empty-slot"; readonly siblings: readonly string[] }
  | {
      readonly type: "other-leaf";
      readonly siblings: readonly string[];
      readonly path: string;
      readonly valueDigest: string;
    };

const FIELDS = {
  inclusion: ["siblings", "type", "value"],
  "empty-slot": ["siblings", "type"],
  "other-leaf": ["path", "siblings", "type", "valueDigest"],
} as const;

/** Plain data, ready for `JSON.stringify`. */
export function proofToJson(proof: MerkleProof): MerkleProofJson {
  const siblings = proof.siblings.map(toHex);
  switch (proof.type) {
    case "inclusion":
      return { type: proof.type, siblings, value: toHex(proof.value) };
    case "empty-slot":
      return { type: proof.type, siblings };
    case "other-leaf": {
      const { type, path, valueDigest } = proof;
      return { type, siblings, path: toHex(path), valueDigest: toHex(valueDigest) };
    }
    default:
      return assertNever(proof);
  }
}

/**
 * The proof that parsed JSON stands for, whoever sent it.
 * @throws MerkleError `DECODE` that names the field: a missing or unknown one, hex that is not
 * lower-case and of even length, more than 256 siblings, a length that none can have.
 */
export function proofFromJson(json: unknown): MerkleProof {
  const record = toRecord(json);
  const type = record["type"];
  if (type !== "inclusion" && type !== "empty-slot" && type !== "other-leaf") {
    throw fault("type", "expected inclusion, empty-slot or other-leaf");
  }
  checkFields(record, FIELDS[type]);
  const siblings = toSiblings(record["siblings"]);
  switch (type) {
    case "inclusion": {
      const value = toBytes("value", record["value"], VALUE_LENGTH_MAX);
      if (!isValueLength(value.length)) throw fault("value", "expected at least one byte");
      return { type, siblings, value };
    }
    case "empty-slot":
      return { type, siblings };
    case "other-leaf": {
      const path = toDigestBytes("path", record["path"]);
      return {
        type,
        siblings,
        path,
        valueDigest: toDigestBytes("valueDigest", record["valueDigest"]),
      };
    }
    default:
      return assertNever(type);
  }
}

function toRecord(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw fault("", "expected an object");
  }
  return json as Readonly<Record<string, unknown>>;
}

function checkFields(record: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  for (const name of Object.keys(record)) {
    if (!known.includes(name)) throw fault(name, "is not a field of this type");
  }
}

function toSiblings(json: unknown): readonly Uint8Array[] {
  if (!Array.isArray(json)) throw fault("siblings", "expected a list");
  if (json.length > DEPTH_MAX) throw fault("siblings", `${json.length} are above ${DEPTH_MAX}`);
  return json.map((item: unknown, at) => toDigestBytes(`siblings.${at}`, item));
}

function toDigestBytes(field: string, json: unknown): Uint8Array {
  const bytes = toBytes(field, json, DIGEST_LENGTH);
  if (bytes.length !== DIGEST_LENGTH) throw fault(field, `expected 32 bytes: ${bytes.length}`);
  return bytes;
}

function toBytes(field: string, json: unknown, max: number): Uint8Array {
  if (typeof json !== "string") throw fault(field, "expected a string of hex");
  if (json.length > max * 2) throw fault(field, `${json.length / 2} bytes are above ${max}`);
  if (json.length % 2 !== 0 || !/^[0-9a-f]*$/.test(json)) {
    throw fault(field, "expected lower-case hex of even length");
  }
  return fromHex(json);
}

function fault(field: string, reason: string): MerkleError {
  return new MerkleError({ code: "DECODE", field, reason });
}
