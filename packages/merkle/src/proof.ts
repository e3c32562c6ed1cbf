import { equalBytes } from "@aethel/models";
import { checkKey } from "./limits.ts";
import { digestOf, hashNodes, type Node } from "./node.ts";
import { bitAt } from "./path.ts";
import { insideOf, type Tree } from "./tree.ts";

/** What every proof has: the digests beside the way from the root to the place of the key. */
interface Siblings {
  /**
   * One for each inner node on the way, the root's first, 32 bytes each, an empty one included.
   * There are no direction bits: they are those of the hashed key, so no proof can claim others.
   */
  readonly siblings: readonly Uint8Array[];
}

/** Shows what a tree holds at one key: its value, or that it has none. */
export type MerkleProof =
  /** The key's leaf is there. */
  | ({ readonly type: "inclusion"; readonly value: Uint8Array } & Siblings)
  /** Nothing is there. */
  | ({ readonly type: "empty-slot" } & Siblings)
  /** Another key's leaf is there, alone in its subtree, so this key is not in it. */
  | ({
      readonly type: "other-leaf";
      /** SHA-256 of the other key. */
      readonly path: Uint8Array;
      /** SHA-256 of the other key's value. */
      readonly valueDigest: Uint8Array;
    } & Siblings);

/**
 * The proof of what `tree` holds at `key`. All bytes are copies.
 * @throws MerkleError `KEY_LENGTH`.
 */
export function prove(tree: Tree, key: Uint8Array): MerkleProof {
  checkKey(key);
  const { node: root, hasher } = insideOf(tree);
  hashNodes(root, hasher);
  const path = hasher.digest(key);
  const siblings: Uint8Array[] = [];
  let node: Node | undefined = root;
  for (let depth = 0; node?.type === "inner"; depth++) {
    const right = bitAt(path, depth) === 1;
    siblings.push(digestOf(right ? node.left : node.right).slice());
    node = right ? node.right : node.left;
  }
  if (node === undefined) return { type: "empty-slot", siblings };
  if (equalBytes(node.path, path)) {
    return { type: "inclusion", siblings, value: node.value.slice() };
  }
  const valueDigest = hasher.digest(node.value);
  return { type: "other-leaf", siblings, path: node.path.slice(), valueDigest };
}
