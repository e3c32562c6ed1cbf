import { createHash } from "node:crypto";

/** One key with its value, as the oracle and the tree both take it. */
export interface Pair {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const TAG_LEAF = sha256(Buffer.from("aethel/tree-leaf"));
const EMPTY = sha256(sha256(Buffer.from("aethel/tree-empty")));

/** A node of the definition: the bits of its hashed key, and its digest. */
interface OracleLeaf {
  readonly bits: string;
  readonly digest: Buffer;
}

/**
 * Computes the root directly from the definition: no batches, no sharing, Node's own SHA-256, paths
 * as strings of 0 and 1. `pathOf` replaces SHA-256 of keys in tests that choose the paths.
 */
export function referenceRoot(
  pairs: Iterable<Pair>,
  pathOf: (key: Uint8Array) => Uint8Array = sha256,
): Uint8Array {
  const leaves = [...pairs].map(({ key, value }) => {
    const path = pathOf(key);
    const bits = [...path].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    return { bits, digest: sha256(TAG_LEAF, path, sha256(value)) };
  });
  return new Uint8Array(reference(leaves, 0));
}

function reference(leaves: readonly OracleLeaf[], depth: number): Buffer {
  const [only] = leaves;
  if (only === undefined) return EMPTY;
  if (leaves.length === 1) return only.digest;
  const left = leaves.filter((leaf) => leaf.bits[depth] === "0");
  const right = leaves.filter((leaf) => leaf.bits[depth] === "1");
  return sha256(reference(left, depth + 1), reference(right, depth + 1));
}
