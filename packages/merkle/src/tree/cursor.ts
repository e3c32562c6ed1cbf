import { assert } from "@aethel/models";
import { toBytes } from "../hashing/digest-words.ts";
import { EMPTY_DIGEST } from "../hashing/node.ts";
import { bitAt, type Path } from "../hashing/path.ts";
import { type Child, EMPTY, type Ref, type Side } from "../nodes/arena.ts";
import { pathOf } from "../nodes/merge.ts";
import type { VersionHandle } from "../nodes/version-handle.ts";
import { handleOf, type Tree } from "./tree.ts";

/**
 * Position in one version. Proofs, `diff` and all other walks read nodes through cursors, so they
 * do not depend on the memory layout. A cursor keeps its version alive, and all bytes that it
 * returns are copies. Not part of the package's API.
 */
export type Cursor = EmptyCursor | LeafCursor | InnerCursor;

/** A node of a version of the tree, and its parent, whose cell holds the node's digest. */
interface Place {
  readonly handle: VersionHandle;
  readonly ref: Ref;
  /** Parent of the node. EMPTY for the root, whose digest is in the handle of the version. */
  readonly parent: Ref;
  readonly side: Side;
}

/** Empty subtree. Its digest is `EMPTY_DIGEST`. */
export interface EmptyCursor {
  readonly type: "empty";
  readonly digest: () => Uint8Array;
}

/** Subtree with one key. */
export interface LeafCursor extends Place {
  readonly type: "leaf";
  /** Copies the digest. Only for cursors from `hashedCursorOf`. */
  readonly digest: () => Uint8Array;
  /** Computes the path by hashing the key: it is not stored. */
  readonly path: () => Path;
  readonly key: () => Uint8Array;
  readonly value: () => Uint8Array;
  /** Returns the number of bytes of key and value, without copying them. */
  readonly size: () => number;
}

/** Subtree with at least two keys. One side of it may be empty. */
export interface InnerCursor extends Place {
  readonly type: "inner";
  /** Copies the digest. Only for cursors from `hashedCursorOf`. */
  readonly digest: () => Uint8Array;
  readonly left: () => Cursor;
  readonly right: () => Cursor;
}

/**
 * Returns a cursor at the root of a version, hashed or not. Digests may be missing, so callers must
 * not read them.
 */
export function cursorOf(tree: Tree): Cursor {
  const handle = handleOf(tree);
  return toCursor({ handle, ref: handle.ref, parent: EMPTY, side: 0 });
}

/** Returns a cursor at the root of a version. The version is hashed first if it is not yet. */
export function hashedCursorOf(tree: Tree): Cursor {
  assert(handleOf(tree).hashedRoot.isReady, "a hashed root has its digest");
  return cursorOf(tree);
}

/** Cursor for every empty subtree. */
export const emptyCursor: EmptyCursor = { type: "empty", digest: () => EMPTY_DIGEST.slice() };

/**
 * Returns the children of a subtree at `depth`. A leaf counts as its own child, on the side of its
 * path.
 */
export function childrenAt(cursor: Cursor, depth: number): readonly [left: Cursor, right: Cursor] {
  if (cursor.type === "inner") return [cursor.left(), cursor.right()];
  if (cursor.type === "empty") return [cursor, cursor];
  return bitAt(cursor.path(), depth) === 0 ? [cursor, emptyCursor] : [emptyCursor, cursor];
}

/**
 * Whether two subtrees are known to have the same content: they are the same node, or both are
 * hashed and have the same digest. Takes constant time. False means that it is not known.
 */
export function isShared(left: Cursor, right: Cursor): boolean {
  if (left.type === "empty" || right.type === "empty") return left.type === right.type;
  if (left.handle.arena === right.handle.arena && left.ref === right.ref) return true;
  const [one, other] = [slotOf(left), slotOf(right)];
  if (!one.isReady || !other.isReady) return false;
  for (let word = 0; word < 8; word++) {
    if (one.words[one.at + word] !== other.words[other.at + word]) return false;
  }
  return true;
}

function toCursor(place: Place): Cursor {
  const { handle, ref } = place;
  if (ref === EMPTY) return emptyCursor;
  const digest = (): Uint8Array => {
    const { words, at, isReady } = slotOf(place);
    assert(isReady, "the node is hashed");
    return toBytes(words, at);
  };
  if (ref > 0) {
    const childOn = (side: Side): Cursor =>
      toCursor({ handle, ref: handle.arena.childOf(ref, side), parent: ref, side });
    const [left, right] = [(): Cursor => childOn(0), (): Cursor => childOn(1)];
    return { ...place, type: "inner", digest, left, right };
  }
  const path = (): Path => pathOf(handle.arena, slotOf(place), handle.hasher);
  const key = (): Uint8Array => handle.arena.leaves.keyOf(ref);
  const value = (): Uint8Array => handle.arena.leaves.valueOf(ref);
  const size = (): number => handle.arena.leaves.sizeOf(ref);
  return { ...place, type: "leaf", digest, path, key, value, size };
}

function slotOf({ handle, parent, side }: Place): Child {
  return parent === EMPTY ? handle.root : handle.arena.child(parent, side);
}
