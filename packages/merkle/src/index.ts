/**
 * An authenticated, persistent key-value tree: a root of 32 bytes commits to its whole content.
 *
 * The root is a function of the content alone, and a proof that verifies tells the truth about it.
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
  releaseTree,
  type Tree,
} from "./tree.ts";
export { type Difference, diff } from "./diff.ts";

// Proofs
export { type MerkleProof, prove } from "./proof.ts";
export { type ProofRejection, type ProofVerdict, verifyProof } from "./verify.ts";
export { decodeProof, encodeProof, PROOF_LENGTH_MAX } from "./proof-codec.ts";
export { type MerkleProofJson, proofFromJson, proofToJson } from "./proof-json.ts";
export {
  type Ics23ExistenceProof,
  type Ics23Inner,
  type Ics23Leaf,
  ics23Spec,
  toIcs23,
} from "./ics23.ts";
export { type MultiProof, type MultiProofVerdict, proveMany, verifyMany } from "./multi-proof.ts";
export { decodeMany, encodeMany, MULTI_PROOF_LENGTH_MAX } from "./multi-proof-codec.ts";
export {
  type MultiProofJson,
  manyFromJson,
  manyToJson,
  type OutlineNodeJson,
} from "./multi-proof-json.ts";
export { proveRange, type RangeProof, type RangeVerdict, verifyRange } from "./range-proof.ts";
export { decodeRange, encodeRange, RANGE_PROOF_LENGTH_MAX } from "./range-proof-codec.ts";
export type { OutlineNode } from "./outline.ts";
export type { OutlineRejection } from "./outline-check.ts";
export type { Span } from "./span.ts";

// Snapshots
export {
  type SnapshotOptions,
  snapshotChunks,
  snapshotStream,
  verifyChunk,
} from "./snapshot.ts";
export { CHUNK_LENGTH_MAX, type SnapshotChunk } from "./snapshot-chunk.ts";
export {
  type ChunkTaker,
  createSnapshotImport,
  importSnapshot,
  type SnapshotImport,
  takeAll,
} from "./snapshot-import.ts";
export type { SnapshotRejection } from "./snapshot-rejection.ts";

// Hashing
export { type Hasher, nobleHasher } from "./hasher.ts";
export { hashListRoot } from "./list-root.ts";
export { createSimdHasher } from "./simd-hasher.ts";

// Limits
export { DEPTH_MAX, KEY_LENGTH_MAX, VALUE_LENGTH_MAX } from "./limits.ts";

// Errors
export { MerkleError, type MerkleFault } from "./errors.ts";
