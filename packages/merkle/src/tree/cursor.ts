import { assert } from "@aethel/models";
import { toBytes } from "../hashing/digest-words.ts";
import { EMPTY_DIGEST } from "../hashing/node.ts";
import { bitAt, type Path } from "../hashing/path.ts";
import { type Child, EMPTY, type Ref, type Side } from "../nodes/arena.ts";
import { pathOf } from "../nodes/merge.ts";
import type { VersionHandle } from "../nodes/version-handle.ts";
import { handleOf, type Tree } from "./tree.ts";

/**
 * Position in one version. Proofs, the diff and all other walks read nodes through cursors and so
 * do not depend on the memory layout. Internal. A cursor keeps its version alive, and all bytes
 * that it gives are copies.
 */
export type Cursor = EmptyCursor | LeafCursor | InnerCursor;

/** Node of a version, and the parent that holds its slot. */
interface Place {
  readonly handle: VersionHandle;
  readonly ref: Ref;
  /** EMPTY for the root, whose slot is in the handle. */
  readonly parent: Ref;
  readonly side: Side;
}

/** Subtree without a key. Its digest is `EMPTY_DIGEST`. */
export interface EmptyCursor {
  readonly type: "empty";
  readonly digest: () => Uint8Array;
}

/** Subtree of one key. */
export interface LeafCursor extends Place {
  readonly type: "leaf";
  /** Copies the digest. Only for cursors from `hashedCursorOf`. */
  readonly digest: () => Uint8Array;
  /** Computes the hashed key, which is not stored. */
  readonly path: () => Path;
  readonly key: () => Uint8Array;
  readonly value: () => Uint8Array;
}

/** Subtree of two keys or more; one side may be empty. */
export interface InnerCursor extends Place {
  readonly type: "inner";
  /** Copies the digest. Only for cursors from `hashedCursorOf`. */
  readonly digest: () => Uint8Array;
  readonly left: () => Cursor;
  readonly right: () => Cursor;
}

/** Cursor at the root of a version, hashed or not. Digests below it are not available. */
export function cursorOf(tree: Tree): Cursor {
  const handle = handleOf(tree);
  return toCursor({ handle, ref: handle.ref, parent: EMPTY, side: 0 });
}

/** Cursor at the root of a version, which is hashed first if it is not yet. */
export function hashedCursorOf(tree: Tree): Cursor {
  assert(handleOf(tree).hashedRoot.isReady, "a hashed root has its digest");
  return cursorOf(tree);
}

/** Cursor of every empty subtree. */
export const emptyCursor: EmptyCursor = { type: "empty", digest: () => EMPTY_DIGEST.slice() };

/** Children of a subtree at `depth`. A leaf is its own child, on the side of its path. */
export function childrenAt(cursor: Cursor, depth: number): readonly [left: Cursor, right: Cursor] {
  if (cursor.type === "inner") return [cursor.left(), cursor.right()];
  if (cursor.type === "empty") return [cursor, cursor];
  return bitAt(cursor.path(), depth) === 0 ? [cursor, emptyCursor] : [emptyCursor, cursor];
}

/**
 * Whether two subtrees are known to have equal content: they are the same node, or both are hashed
 * and have one digest. Takes constant time. False means unknown.
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
  return { ...place, type: "leaf", digest, path, key, value };
}

function slotOf({ handle, parent, side }: Place): Child {
  return parent === EMPTY ? handle.root : handle.arena.child(parent, side);
}
