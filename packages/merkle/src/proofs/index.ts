/**
 * Proofs of many keys and of ranges of hashed keys, proofs as JSON, and ICS-23 proofs for light
 * clients of other chains.
 *
 * @example
 * ```ts
 * import { emptyTree } from "@aethel/merkle";
 * import { proveMany, verifyMany } from "@aethel/merkle/proofs";
 *
 * const keys = ["alice", "bob"].map((name) => new TextEncoder().encode(name));
 * const tree = emptyTree.update(keys.map((key) => ({ key, value: Uint8Array.of(42) })));
 * verifyMany({ root: tree.root, keys, proof: proveMany(tree, keys) }); // { ok: true, values }
 * ```
 *
 * @packageDocumentation
 */

export { type MerkleProofJson, proofFromJson, proofToJson } from "./proof-json.ts";
export {
  type Ics23ExistenceProof,
  type Ics23Inner,
  type Ics23Leaf,
  ics23Spec,
  toIcs23,
} from "./ics23.ts";
export {
  type MultiProof,
  type MultiProofVerdict,
  proveMany,
  verifyMany,
} from "./multi-proof.ts";
export { decodeMany, encodeMany, MULTI_PROOF_LENGTH_MAX } from "./multi-proof-codec.ts";
export {
  type MultiProofJson,
  manyFromJson,
  manyToJson,
  type OutlineNodeJson,
} from "./multi-proof-json.ts";
export {
  proveRange,
  type RangeProof,
  type RangeVerdict,
  verifyRange,
} from "./range-proof.ts";
export { decodeRange, encodeRange, RANGE_PROOF_LENGTH_MAX } from "./range-proof-codec.ts";
export type { OutlineNode } from "../outlines/outline.ts";
export type { OutlineRejection } from "../outlines/outline-check.ts";
export type { Span } from "../outlines/span.ts";
