import { equalBytes } from "@aethel/models";
import { digestOf, hashNodes, type Inner, type Leaf, type Node } from "./node.ts";
import type { Path } from "./path.ts";
import { insideOf, type Tree } from "./tree.ts";

/**
 * A place in one version, and the only way in which the package reads nodes: proofs, the diff and
 * all that walks a tree know cursors, and nothing of how nodes are stored. Internal. A cursor keeps
 * its version alive, and all bytes that it gives are copies. Sizes of subtrees are not stored.
 */
export type Cursor = EmptyCursor | LeafCursor | InnerCursor;

/** A subtree without a key. Its digest is `EMPTY_DIGEST`. */
export interface EmptyCursor {
  readonly type: "empty";
  readonly digest: () => Uint8Array;
}

/** A subtree of one key. */
export interface LeafCursor {
  readonly type: "leaf";
  /** Only below a cursor of `hashedCursorOf`. */
  readonly digest: () => Uint8Array;
  /** The hashed key. It is not stored, but computed when first asked for. */
  readonly path: () => Path;
  readonly key: () => Uint8Array;
  readonly value: () => Uint8Array;
}

/** A subtree of two keys or more; one side may be empty. */
export interface InnerCursor {
  readonly type: "inner";
  /** Only below a cursor of `hashedCursorOf`. */
  readonly digest: () => Uint8Array;
  readonly left: () => Cursor;
  readonly right: () => Cursor;
}

/** The root of a version, hashed or not: no digest below it may be asked for. */
export function cursorOf(tree: Tree): Cursor {
  return toCursor(insideOf(tree).node);
}

/** The root of a version that is hashed now, if it was not before. */
export function hashedCursorOf(tree: Tree): Cursor {
  const { node, hasher } = insideOf(tree);
  hashNodes(node, hasher);
  return toCursor(node);
}

/**
 * Whether two subtrees certainly have one content: they are the same nodes, or both are hashed and
 * have the same digest. Costs nothing that grows; false says nothing.
 */
export function isShared(left: Cursor, right: Cursor): boolean {
  const [one, other] = [nodes.get(left), nodes.get(right)];
  if (one === other) return true;
  if (one?.digest === undefined || other?.digest === undefined) return false;
  return equalBytes(one.digest, other.digest);
}

const nodes = new WeakMap<Cursor, Node>();

/** The cursor of everything that is empty. */
export const emptyCursor: EmptyCursor = {
  type: "empty",
  digest: () => digestOf(undefined).slice(),
};

function toCursor(node: Node | undefined): Cursor {
  if (node === undefined) return emptyCursor;
  const cursor = node.type === "leaf" ? toLeafCursor(node) : toInnerCursor(node);
  nodes.set(cursor, node);
  return cursor;
}

const toLeafCursor = (leaf: Leaf): LeafCursor => ({
  type: "leaf",
  digest: () => digestOf(leaf).slice(),
  path: () => leaf.path.slice(),
  key: () => leaf.key.slice(),
  value: () => leaf.value.slice(),
});

const toInnerCursor = (inner: Inner): InnerCursor => ({
  type: "inner",
  digest: () => digestOf(inner).slice(),
  left: () => toCursor(inner.left),
  right: () => toCursor(inner.right),
});
