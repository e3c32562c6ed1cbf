import { equalBytes } from "./bytes.ts";
import { type Codec, digest, type Infer, list, natural, struct } from "./codec/index.ts";
import { ModelsError } from "./errors.ts";
import { taggedHash } from "./hash.ts";
import { type Digest, type Root, toRoot } from "./ids.ts";

/**
 * Proof that an item is at an index of a list with `count` items.
 *
 * The path leads from the leaf up to the root. Its length and directions follow from `index` and
 * `count`.
 */
export const ListProof: Codec<{
  readonly index: number;
  readonly count: number;
  readonly path: readonly Digest[];
}> = struct("ListProof", { index: natural(4), count: natural(4), path: list(digest, 32) });
export type ListProof = Infer<typeof ListProof>;

/**
 * Computes the root of a list, under which each item can be proved. It is the Merkle tree hash of
 * RFC 9162 §2.1.1 with tagged leaves and nodes, hashed together with the number of items.
 *
 * Without that number, the last leaf of a list whose length is no power of two could be proved at
 * two indices (B13 in docs/known-bugs.md).
 */
export function listRoot(items: readonly Uint8Array[]): Root {
  return listRootOfLeaves(items.map(listLeaf));
}

/** Computes `listRoot` from the hashes of the leaves. */
export function listRootOfLeaves(leaves: readonly Digest[]): Root {
  return rootOf(leaves.length, treeHash(leaves));
}

/** Returns the hash of an item as a leaf of a list's tree. */
export function listLeaf(item: Uint8Array): Digest {
  return taggedHash("list-leaf", item);
}

/**
 * Makes the proof of an item.
 * @throws ModelsError `RANGE` if there is no item at `index`.
 */
export function proveListItem(items: readonly Uint8Array[], index: number): ListProof {
  if (!Number.isInteger(index) || index < 0 || index >= items.length) {
    const reason = `${index} is not below ${items.length}`;
    throw new ModelsError({ code: "RANGE", what: "list index", reason });
  }
  return { index, count: items.length, path: pathTo(items.map(listLeaf), index) };
}

/** Whether `proof` shows that `item` is at `proof.index` in the list with this root. */
export function verifyListItem(options: {
  readonly root: Root;
  readonly item: Uint8Array;
  readonly proof: ListProof;
}): boolean {
  const { index, count, path } = options.proof;
  if (index >= count) return false;
  const sides = sidesTo(index, count);
  if (sides.length !== path.length) return false;
  const top = sides.reduce<Digest>((node, side, level) => {
    const sibling = path[level] ?? node;
    return side === "left"
      ? taggedHash("list-node", node, sibling)
      : taggedHash("list-node", sibling, node);
  }, listLeaf(options.item));
  return equalBytes(rootOf(count, top), options.root);
}

const EMPTY = new Uint8Array(0);

function rootOf(count: number, top: Digest | undefined): Root {
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(count));
  return toRoot(taggedHash("list-root", size, top ?? EMPTY));
}

function treeHash(hashes: readonly Digest[]): Digest | undefined {
  if (hashes.length <= 1) return hashes[0];
  const split = splitOf(hashes.length);
  const [left, right] = [treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split))];
  if (left === undefined || right === undefined) return left ?? right;
  return taggedHash("list-node", left, right);
}

function pathTo(hashes: readonly Digest[], index: number): Digest[] {
  if (hashes.length <= 1) return [];
  const split = splitOf(hashes.length);
  const inLeft = index < split;
  const [near, far] = inLeft
    ? [hashes.slice(0, split), hashes.slice(split)]
    : [hashes.slice(split), hashes.slice(0, split)];
  const sibling = treeHash(far);
  const below = pathTo(near, inLeft ? index : index - split);
  return sibling === undefined ? below : [...below, sibling];
}

/** Returns on which side each node of the path is, from the leaf up. */
function sidesTo(index: number, count: number): ("left" | "right")[] {
  if (count <= 1) return [];
  const split = splitOf(count);
  return index < split
    ? [...sidesTo(index, split), "left"]
    : [...sidesTo(index - split, count - split), "right"];
}

/** Returns the largest power of two below `count` (RFC 9162 §2.1.1). */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}
