import { assert, equalBytes, type Root, toRoot } from "@aethel/models";
import { copyBytes } from "./copy.ts";
import { type Hasher, nobleHasher } from "./hasher.ts";
import { checkKey, checkValue } from "./limits.ts";
import { applyEdits, type Edit, orderEdits } from "./merge.ts";
import { hashNodes, type Leaf, type Node, sizeOf } from "./node.ts";
import { bitAt, type Path } from "./path.ts";

/** A key and its value. The bytes are copies: the receiver may do with them as it likes. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A key and the value that it shall have; undefined deletes it. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * One version of an authenticated key-value tree. It never changes: `update` gives another
 * version, which shares with this one all that stayed the same.
 */
export interface Tree {
  /**
   * Commits to the whole content, and depends on nothing else. Hashed when first asked for, so
   * that updates in a row cost the hashes of the last only. Each call gives a copy.
   */
  readonly root: Root;
  /** Number of keys. */
  readonly size: number;
  /** A copy of the value. @throws MerkleError `KEY_LENGTH`. */
  readonly get: (key: Uint8Array) => Uint8Array | undefined;
  /**
   * The version after the changes, in any order of different keys; of several changes of one key
   * the last counts, and to delete an absent key changes nothing. Keys and values are copied.
   * @throws MerkleError `KEY_LENGTH` or `VALUE_LENGTH`; then there is no new version.
   */
  readonly update: (changes: Iterable<Change>) => Tree;
  /** All keys and values in the order of the hashed keys. */
  readonly entries: () => IterableIterator<Entry>;
}

/** What a version is made of. Kept apart from `Tree`, so that nobody outside can reach it. */
export interface Inside {
  readonly node: Node | undefined;
  readonly hasher: Hasher;
}

const insides = new WeakMap<Tree, Inside>();

/** The hasher of a tree and of all versions made from it. */
export function hasherOf(tree: Tree): Hasher {
  return insideOf(tree).hasher;
}

/** Where the cursors look into a tree; nothing else does. */
export function insideOf(tree: Tree): Inside {
  const inside = insides.get(tree);
  assert(inside !== undefined, "a tree is made by createTree or update");
  return inside;
}

/** An empty tree that hashes with the given hasher, and so do all versions made from it. */
export function createTree({ hasher = nobleHasher }: { readonly hasher?: Hasher } = {}): Tree {
  return version({ node: undefined, hasher });
}

/** The tree without a key, on the default hasher. */
export const emptyTree: Tree = createTree();

function version(inside: Inside): Tree {
  const { node, hasher } = inside;
  const tree: Tree = {
    get root() {
      return toRoot(hashNodes(node, hasher).slice());
    },
    size: sizeOf(node),
    get: (key) => {
      checkKey(key);
      return findLeaf(node, hasher.digest(key))?.value.slice();
    },
    update: (changes) => {
      const edits: Edit[] = [];
      for (const change of changes) edits.push(toEdit(change, hasher));
      const next = applyEdits(node, orderEdits(edits));
      return next === node ? tree : version({ node: next, hasher });
    },
    entries: () => entriesOf(node),
  };
  insides.set(tree, inside);
  return tree;
}

function toEdit({ key, value }: Change, hasher: Hasher): Edit {
  checkKey(key);
  if (value !== undefined) checkValue(value);
  const path = hasher.digest(key);
  const owned = copyBytes(key);
  if (value === undefined) return { path, key: owned, leaf: undefined };
  const leaf: Leaf = { type: "leaf", path, key: owned, value: copyBytes(value), digest: undefined };
  return { path, key: owned, leaf };
}

function findLeaf(root: Node | undefined, path: Path): Leaf | undefined {
  let node = root;
  for (let depth = 0; node?.type === "inner"; depth++) {
    node = bitAt(path, depth) === 0 ? node.left : node.right;
  }
  return node !== undefined && equalBytes(node.path, path) ? node : undefined;
}

function* entriesOf(root: Node | undefined): IterableIterator<Entry> {
  const ahead: (Node | undefined)[] = [root];
  while (ahead.length > 0) {
    const node = ahead.pop();
    if (node?.type === "inner") ahead.push(node.right, node.left);
    else if (node !== undefined) yield { key: node.key.slice(), value: node.value.slice() };
  }
}
