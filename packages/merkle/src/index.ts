/**
 * An authenticated, persistent key-value tree: a root of 32 bytes commits to its whole content.
 *
 * Equal contents have equal roots. A proof that verifies is true of the content under its root.
 *
 * @example
 * ```ts
 * import { emptyTree, prove, verifyProof } from "@aethel/merkle";
 *
 * const key = new TextEncoder().encode("alice");
 * const tree = emptyTree.update([{ key, value: Uint8Array.of(42) }]);
 * verifyProof({ root: tree.root, key, proof: prove(tree, key) }); // { ok: true, value: [42] }
 * ```
 *
 * @packageDocumentation
 */

// Tree
export {
  type Change,
  createTree,
  type Entry,
  emptyTree,
  hasherOf,
  keepTree,
  releaseTree,
  type Tree,
} from "./tree/tree.ts";
export { type Difference, diff } from "./tree/diff.ts";

// Proofs
export { type MerkleProof, prove } from "./proofs/proof.ts";
export { type ProofRejection, type ProofVerdict, verifyProof } from "./proofs/verify.ts";
export { decodeProof, encodeProof, PROOF_LENGTH_MAX } from "./proofs/proof-codec.ts";

// Snapshots
export {
  type SnapshotOptions,
  snapshotChunks,
  snapshotStream,
  verifyChunk,
} from "./snapshots/snapshot.ts";
export { CHUNK_LENGTH_MAX, type SnapshotChunk } from "./snapshots/snapshot-chunk.ts";
export {
  type ChunkTaker,
  createSnapshotImport,
  importSnapshot,
  type SnapshotImport,
  takeAll,
} from "./snapshots/snapshot-import.ts";

// Hashing
export { type Hasher, nobleHasher } from "./hashing/hasher.ts";
export { hashListRoot } from "./hashing/list-root.ts";
export { createSimdHasher } from "./hashing/simd-hasher.ts";

// Limits
export { DEPTH_MAX, KEY_LENGTH_MAX, VALUE_LENGTH_MAX } from "./limits.ts";

// Errors
export { MerkleError, type MerkleFault, type SnapshotRejection } from "./errors.ts";
