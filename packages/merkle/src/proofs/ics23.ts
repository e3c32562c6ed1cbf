import { tagDigest } from "@aethel/models";
import { copyBytes } from "../bytes/copy.ts";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import { bitAt } from "../hashing/path.ts";
import { DEPTH_MAX } from "../limits.ts";
import type { MerkleProof } from "./proof.ts";

/** ICS-23 `HashOp.SHA256`. */
const SHA256 = 1;
/** ICS-23 `LengthOp.NO_PREFIX`. */
const NO_PREFIX = 0;

/** ICS-23 `LeafOp`: the hashing of a leaf. */
export interface Ics23Leaf {
  readonly hash: number;
  readonly prehashKey: number;
  readonly prehashValue: number;
  readonly length: number;
  readonly prefix: Uint8Array;
}

/** ICS-23 `InnerOp`: the hashing of an inner node, `sha256(prefix | child | suffix)`. */
export interface Ics23Inner {
  readonly hash: number;
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
}

/** An ICS-23 existence proof. `path` leads from the leaf up to the root. */
export interface Ics23ExistenceProof {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly leaf: Ics23Leaf;
  readonly path: readonly Ics23Inner[];
}

const leafOp = (): Ics23Leaf => ({
  hash: SHA256,
  prehashKey: SHA256,
  prehashValue: SHA256,
  length: NO_PREFIX,
  prefix: copyBytes(tagDigest("tree-leaf")),
});

/**
 * ICS-23 `ProofSpec` for inclusion proofs: with it, every implementation of the standard can verify
 * them. Exclusion proofs need `verifyProof`, because ICS-23 shows absence by neighbouring keys, and
 * here keys are in the order of their hashes.
 */
export const ics23Spec = {
  leafSpec: leafOp(),
  innerSpec: {
    childOrder: [0, 1] as readonly number[],
    childSize: 32,
    minPrefixLength: 0,
    maxPrefixLength: 0,
    hash: SHA256,
  },
  maxDepth: DEPTH_MAX,
} as const;

/**
 * Converts an inclusion proof to an ICS-23 existence proof for `ics23Spec`. All bytes are copies.
 */
export function toIcs23({
  key,
  proof,
  hasher = nobleHasher,
}: {
  readonly key: Uint8Array;
  readonly proof: Extract<MerkleProof, { readonly type: "inclusion" }>;
  readonly hasher?: Hasher;
}): Ics23ExistenceProof {
  const path = hasher.digest(key);
  const upwards = proof.siblings
    .map((sibling, depth): Ics23Inner => {
      const [digest, nothing] = [copyBytes(sibling), new Uint8Array()];
      return bitAt(path, depth) === 1
        ? { hash: SHA256, prefix: digest, suffix: nothing }
        : { hash: SHA256, prefix: nothing, suffix: digest };
    })
    .reverse();
  return { key: copyBytes(key), value: copyBytes(proof.value), leaf: leafOp(), path: upwards };
}
