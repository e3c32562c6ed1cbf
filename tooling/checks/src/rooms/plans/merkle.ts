import type { RoomPlan } from "../plan.ts";

/**
 * Rooms of `packages/merkle`. Only `nodes` knows the memory layout; the rooms above it read the
 * tree by cursors.
 */
export const MERKLE: RoomPlan = {
  file: { holds: "snapshots in files", imports: "snapshots tree" },
  lmdb: {
    holds: "versions in an LMDB environment",
    imports: "snapshots outlines tree hashing bytes limits errors",
  },
  snapshots: {
    holds: "a whole tree in chunks, each under the root",
    imports: "proofs tree hashing bytes limits errors",
  },
  proofs: {
    holds: "proofs of one key, of many and of ranges, and their forms",
    imports: "outlines tree hashing bytes limits",
  },
  outlines: {
    holds: "partial trees that show the requested paths and hide the rest",
    imports: "tree hashing bytes limits",
  },
  tree: {
    holds: "a version, its cursors, and what two versions differ in",
    imports: "nodes hashing limits",
  },
  nodes: {
    holds: "nodes and leaves in memory: allocation, edits, merging, hashing",
    imports: "hashing bytes limits errors",
  },
  hashtree: { holds: "the native hasher", imports: "hashing" },
  hashing: { holds: "hashers, digests, and the paths of keys", imports: "limits" },
  bytes: { holds: "reading, writing and copying bytes", imports: "limits errors" },
  limits: { holds: "bounds on keys, values and paths", imports: "errors" },
  errors: { holds: "the error class", imports: "" },
};
