import { assertNever, toHex } from "@aethel/models";
import { decodeFault } from "../bytes/decode-fault.ts";
import { DEPTH_MAX, DIGEST_LENGTH, VALUE_LENGTH_MAX } from "../limits.ts";
import { readBytes, readList, readRecord } from "./json-reader.ts";
import type { MerkleProof } from "./proof.ts";

/** JSON form of a proof: the same fields, with bytes as lower-case hex. It is never hashed. */
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
const ALL_FIELDS = [...new Set(Object.values(FIELDS).flat())];

/** Converts a proof to plain data for `JSON.stringify`. */
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
 * Reads a proof from parsed JSON, which may come from anyone.
 * @throws MerkleError `DECODE` that names the field: a missing or unknown one, hex that is not
 * lower-case and of even length, more than 256 siblings, an illegal length.
 */
export function proofFromJson(json: unknown): MerkleProof {
  const { type } = readRecord("", json, ALL_FIELDS);
  if (type !== "inclusion" && type !== "empty-slot" && type !== "other-leaf") {
    throw decodeFault("type", "expected inclusion, empty-slot or other-leaf");
  }
  const record = readRecord("", json, FIELDS[type]);
  const siblings = readSiblings(record["siblings"]);
  switch (type) {
    case "inclusion": {
      const value = readBytes("value", record["value"], { min: 1, max: VALUE_LENGTH_MAX });
      return { type, siblings, value };
    }
    case "empty-slot":
      return { type, siblings };
    case "other-leaf": {
      const path = readDigest("path", record["path"]);
      return {
        type,
        siblings,
        path,
        valueDigest: readDigest("valueDigest", record["valueDigest"]),
      };
    }
    default:
      return assertNever(type);
  }
}

function readSiblings(json: unknown): readonly Uint8Array[] {
  const list = readList("siblings", json);
  if (list.length > DEPTH_MAX)
    throw decodeFault("siblings", `${list.length} are above ${DEPTH_MAX}`);
  return list.map((item, at) => readDigest(`siblings.${at}`, item));
}

function readDigest(field: string, json: unknown): Uint8Array {
  return readBytes(field, json, { min: DIGEST_LENGTH, max: DIGEST_LENGTH });
}
