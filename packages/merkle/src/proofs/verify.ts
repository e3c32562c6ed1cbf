import { equalBytes } from "@aethel/models";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import { EMPTY_DIGEST, leafDigest } from "../hashing/node.ts";
import { bitAt, type Path, sharedBits } from "../hashing/path.ts";
import { DEPTH_MAX, DIGEST_LENGTH, isKeyLength, isValueLength } from "../limits.ts";
import type { MerkleProof } from "./proof.ts";

/** Reason for the refusal of a proof. */
export type ProofRejection =
  /** The key, the root, the value or a digest has a wrong length. */
  | "length"
  /** The proof has more than 256 siblings. */
  | "depth"
  /** The last sibling is empty. No tree has this shape. */
  | "shape"
  /** The path of the `other-leaf` does not lead to the place of this key. */
  | "other-leaf-elsewhere"
  /** The `other-leaf` is the leaf of this very key, so the key is present. */
  | "other-leaf-is-own"
  /** The digest that was computed from the proof is not the root. */
  | "root";

/** Value of the key (undefined if it is absent), or the reason for a refusal. */
export type ProofVerdict =
  | { readonly ok: true; readonly value: Uint8Array | undefined }
  | { readonly ok: false; readonly reason: ProofRejection };

/**
 * Verifies a proof against a root that the caller trusts. Never throws for a proof that has the
 * fields of its type. The returned value is the proof's own array, not a copy.
 */
export function verifyProof({
  root,
  key,
  proof,
  hasher = nobleHasher,
}: {
  readonly root: Uint8Array;
  readonly key: Uint8Array;
  readonly proof: MerkleProof;
  readonly hasher?: Hasher;
}): ProofVerdict {
  if (root.length !== DIGEST_LENGTH || !isKeyLength(key.length) || !hasLengths(proof)) {
    return { ok: false, reason: "length" };
  }
  const { siblings } = proof;
  if (siblings.length > DEPTH_MAX) return { ok: false, reason: "depth" };
  const last = siblings.at(-1);
  if (last !== undefined && equalBytes(last, EMPTY_DIGEST)) return { ok: false, reason: "shape" };

  const path = hasher.digest(key);
  if (proof.type === "other-leaf") {
    const shared = sharedBits(proof.path, path);
    if (shared === DEPTH_MAX) return { ok: false, reason: "other-leaf-is-own" };
    if (shared < siblings.length) return { ok: false, reason: "other-leaf-elsewhere" };
  }
  const computed = climb({ path, start: endDigest({ proof, path, hasher }), siblings, hasher });
  if (!equalBytes(computed, root)) return { ok: false, reason: "root" };
  return { ok: true, value: proof.type === "inclusion" ? proof.value : undefined };
}

function hasLengths(proof: MerkleProof): boolean {
  if (proof.type === "inclusion" && !isValueLength(proof.value.length)) return false;
  if (proof.type === "other-leaf") {
    if (proof.path.length !== DIGEST_LENGTH) return false;
    if (proof.valueDigest.length !== DIGEST_LENGTH) return false;
  }
  return proof.siblings.every((sibling) => sibling.length === DIGEST_LENGTH);
}

/** Returns the digest of the node at which the path ends according to the proof. */
function endDigest(options: {
  readonly proof: MerkleProof;
  readonly path: Path;
  readonly hasher: Hasher;
}): Uint8Array {
  const { proof, path, hasher } = options;
  switch (proof.type) {
    case "inclusion":
      return leafDigest({ path, valueDigest: hasher.digest(proof.value) }, hasher);
    case "empty-slot":
      return EMPTY_DIGEST;
    case "other-leaf":
      return leafDigest(proof, hasher);
  }
}

/** Computes the root from the end of the path up to the root. */
function climb(options: {
  readonly path: Path;
  readonly start: Uint8Array;
  readonly siblings: readonly Uint8Array[];
  readonly hasher: Hasher;
}): Uint8Array {
  const { path, start, siblings, hasher } = options;
  const pairs = new Uint8Array(64);
  const digests = start.slice();
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const right = bitAt(path, depth) === 1;
    pairs.set(digests, right ? 32 : 0);
    pairs.set(siblings[depth] ?? EMPTY_DIGEST, right ? 0 : 32);
    hasher.digestPairs({ pairs, digests });
  }
  return digests;
}
