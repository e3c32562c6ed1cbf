import { assertNever, equalBytes, toHex } from "@aethel/models";
import { decodeFault } from "../bytes/decode-fault.ts";
import { EMPTY_DIGEST } from "../hashing/node.ts";
import { DIGEST_LENGTH, VALUE_LENGTH_MAX } from "../limits.ts";
import { type OutlineNode, plainNodes } from "../outlines/outline.ts";
import { checkOneTree } from "../outlines/outline-codec.ts";
import { readBytes, readList, readRecord } from "./json-reader.ts";
import type { MultiProof } from "./multi-proof.ts";

/** JSON form of a node of an outline. */
export type OutlineNodeJson =
  | { readonly type: "empty" | "inner" | "inside" }
  | { readonly type: "hidden"; readonly digest: string }
  | { readonly type: "other-leaf"; readonly path: string; readonly valueDigest: string };

/** JSON form of a multi-proof: bytes as lower-case hex, absent keys as null. */
export interface MultiProofJson {
  readonly values: readonly (string | null)[];
  readonly outline: readonly OutlineNodeJson[];
}

/** Converts a multi-proof to plain data for `JSON.stringify`. */
export function manyToJson({ values, outline }: MultiProof): MultiProofJson {
  return {
    values: values.map((value) => (value === undefined ? null : toHex(value))),
    outline: outline.map(nodeToJson),
  };
}

/**
 * Reads a multi-proof from parsed JSON, which may come from anyone.
 * @throws MerkleError `DECODE` that names the field: a missing or unknown one, hex that is not
 * lower-case and of even length, an illegal length, nodes that are not one tree.
 */
export function manyFromJson(json: unknown): MultiProof {
  const record = readRecord("", json, ["outline", "values"]);
  const values = readList("values", record["values"]).map((item, at) =>
    item === null ? undefined : readBytes(`values.${at}`, item, { min: 1, max: VALUE_LENGTH_MAX }),
  );
  const outline = readList("outline", record["outline"]).map((item, at) =>
    nodeFromJson(`outline.${at}`, item),
  );
  checkOneTree(outline);
  return { values, outline };
}

function nodeToJson(node: OutlineNode): OutlineNodeJson {
  switch (node.type) {
    case "empty":
    case "inner":
    case "inside":
      return { type: node.type };
    case "hidden":
      return { type: node.type, digest: toHex(node.digest) };
    case "other-leaf": {
      const { type, path, valueDigest } = node;
      return { type, path: toHex(path), valueDigest: toHex(valueDigest) };
    }
    default:
      return assertNever(node);
  }
}

const FIELDS = {
  empty: ["type"],
  inner: ["type"],
  inside: ["type"],
  hidden: ["digest", "type"],
  "other-leaf": ["path", "type", "valueDigest"],
} as const;

function nodeFromJson(field: string, json: unknown): OutlineNode {
  const { type } = readRecord(field, json, ["type", "digest", "path", "valueDigest"]);
  if (typeof type !== "string" || !isType(type)) {
    throw decodeFault(`${field}.type`, `expected one of ${Object.keys(FIELDS).join(", ")}`);
  }
  const record = readRecord(field, json, FIELDS[type]);
  const digest = (name: string): Uint8Array =>
    readBytes(`${field}.${name}`, record[name], { min: DIGEST_LENGTH, max: DIGEST_LENGTH });
  switch (type) {
    case "empty":
    case "inner":
    case "inside":
      return plainNodes[type];
    case "hidden": {
      const node = { type, digest: digest("digest") };
      if (!equalBytes(node.digest, EMPTY_DIGEST)) return node;
      throw decodeFault(`${field}.digest`, "hides nothing");
    }
    case "other-leaf":
      return { type, path: digest("path"), valueDigest: digest("valueDigest") };
    default:
      return assertNever(type);
  }
}

function isType(type: string): type is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, type);
}
