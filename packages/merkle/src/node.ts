import { tagDigest, taggedHash } from "@aethel/models";
import type { Hasher } from "./hasher.ts";
import type { Path } from "./path.ts";

/**
 * One key and its value, in place of the whole subtree of which it is the only key. Its bytes
 * belong to the tree: nothing outside the package gets hold of them.
 */
export interface Leaf {
  readonly type: "leaf";
  readonly path: Path;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Written once, by `hashNodes`. */
  digest: Uint8Array | undefined;
}

/** A subtree of two keys or more. One side may be empty: the keys then share one more bit. */
export interface Inner {
  readonly type: "inner";
  readonly left: Node | undefined;
  readonly right: Node | undefined;
  /** Number of leaves below. */
  readonly size: number;
  /** Written once, by `hashNodes`. */
  digest: Uint8Array | undefined;
}

export type Node = Leaf | Inner;

/** Digest of an empty subtree, and root of the empty tree. Its preimage has 32 bytes. */
export const EMPTY_DIGEST: Uint8Array = taggedHash("tree-empty");

/** `sha256(tag | sha256(key) | sha256(value))`: a preimage of 96 bytes. */
export function leafDigest(
  leaf: { readonly path: Path; readonly valueDigest: Uint8Array },
  hasher: Hasher,
): Uint8Array {
  const preimage = new Uint8Array(96);
  preimage.set(tagDigest("tree-leaf"));
  preimage.set(leaf.path, 32);
  preimage.set(leaf.valueDigest, 64);
  return hasher.digest(preimage);
}

export function sizeOf(node: Node | undefined): number {
  if (node === undefined) return 0;
  return node.type === "leaf" ? 1 : node.size;
}

/** The digest of a node after `hashNodes` went over a tree that holds it. */
export function digestOf(node: Node | undefined): Uint8Array {
  if (node === undefined) return EMPTY_DIGEST;
  if (node.digest === undefined) throw new Error("invariant broken: the node is hashed");
  return node.digest;
}

/**
 * Gives every node below and at `root` its digest, the deepest level first, each level in one
 * batch. Nodes that have one are not entered: a digest implies the digests of all below.
 */
export function hashNodes(root: Node | undefined, hasher: Hasher): Uint8Array {
  if (root === undefined || root.digest !== undefined) return digestOf(root);
  const levels: Inner[][] = [];
  hashLeaves(root, { depth: 0, levels, hasher });
  for (const level of levels.reverse()) hashLevel(level, hasher);
  return digestOf(root);
}

interface Walk {
  readonly depth: number;
  readonly levels: Inner[][];
  readonly hasher: Hasher;
}

function hashLeaves(node: Node | undefined, { depth, levels, hasher }: Walk): void {
  if (node === undefined || node.digest !== undefined) return;
  if (node.type === "leaf") {
    const valueDigest = hasher.digest(node.value);
    node.digest = leafDigest({ path: node.path, valueDigest }, hasher);
    return;
  }
  const level = levels[depth];
  if (level === undefined) levels[depth] = [node];
  else level.push(node);
  const below = { depth: depth + 1, levels, hasher };
  hashLeaves(node.left, below);
  hashLeaves(node.right, below);
}

function hashLevel(level: readonly Inner[], hasher: Hasher): void {
  const pairs = new Uint8Array(level.length * 64);
  const digests = new Uint8Array(level.length * 32);
  for (const [at, node] of level.entries()) {
    pairs.set(digestOf(node.left), at * 64);
    pairs.set(digestOf(node.right), at * 64 + 32);
  }
  hasher.digestPairs({ pairs, digests });
  // A copy each: a view would keep the batch of a whole level alive for one surviving node.
  for (const [at, node] of level.entries()) node.digest = digests.slice(at * 32, at * 32 + 32);
}
