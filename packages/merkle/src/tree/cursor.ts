import { assert } from "@aethel/models";
import { toBytes } from "../hashing/digest-words.ts";
import { EMPTY_DIGEST } from "../hashing/node.ts";
import type { Path } from "../hashing/path.ts";
import { type Child, EMPTY, type Ref, type Side } from "../nodes/arena.ts";
import type { Lease } from "../nodes/lease.ts";
import { pathOf } from "../nodes/merge.ts";
import { leaseOf, type Tree } from "./tree.ts";

/**
 * A place in one version, and the only way in which the package reads nodes: proofs, the diff and
 * all that walks a tree know cursors, and nothing of how nodes are stored. Internal. A cursor keeps
 * its version alive, and all bytes that it gives are copies. Sizes of subtrees are not stored.
 */
export type Cursor = EmptyCursor | LeafCursor | InnerCursor;

/** Which node of which version a cursor stands on, and who has its slot. */
interface Place {
  readonly lease: Lease;
  readonly ref: Ref;
  /** EMPTY for the root, whose slot the lease has. */
  readonly parent: Ref;
  readonly side: Side;
}

/** A subtree without a key. Its digest is `EMPTY_DIGEST`. */
export interface EmptyCursor {
  readonly type: "empty";
  readonly digest: () => Uint8Array;
}

/** A subtree of one key. */
export interface LeafCursor extends Place {
  readonly type: "leaf";
  /** Only below a cursor of `hashedCursorOf`. */
  readonly digest: () => Uint8Array;
  /** The hashed key. It is not stored: each call computes it. */
  readonly path: () => Path;
  readonly key: () => Uint8Array;
  readonly value: () => Uint8Array;
}

/** A subtree of two keys or more; one side may be empty. */
export interface InnerCursor extends Place {
  readonly type: "inner";
  /** Only below a cursor of `hashedCursorOf`. */
  readonly digest: () => Uint8Array;
  readonly left: () => Cursor;
  readonly right: () => Cursor;
}

/** The root of a version, hashed or not: no digest below it may be asked for. */
export function cursorOf(tree: Tree): Cursor {
  const lease = leaseOf(tree);
  return toCursor({ lease, ref: lease.ref, parent: EMPTY, side: 0 });
}

/** The root of a version that is hashed now, if it was not before. */
export function hashedCursorOf(tree: Tree): Cursor {
  assert(leaseOf(tree).hashedRoot.isReady, "a hashed root has its digest");
  return cursorOf(tree);
}

/** The cursor of everything that is empty. */
export const emptyCursor: EmptyCursor = { type: "empty", digest: () => EMPTY_DIGEST.slice() };

/**
 * Whether two subtrees certainly have one content: they are the same nodes, or both are hashed and
 * have the same digest. Costs nothing that grows; false says nothing.
 */
export function isShared(left: Cursor, right: Cursor): boolean {
  if (left.type === "empty" || right.type === "empty") return left.type === right.type;
  if (left.lease.arena === right.lease.arena && left.ref === right.ref) return true;
  const [one, other] = [slotOf(left), slotOf(right)];
  if (!one.isReady || !other.isReady) return false;
  for (let word = 0; word < 8; word++) {
    if (one.words[one.at + word] !== other.words[other.at + word]) return false;
  }
  return true;
}

function toCursor(place: Place): Cursor {
  const { lease, ref } = place;
  if (ref === EMPTY) return emptyCursor;
  const digest = (): Uint8Array => {
    const { words, at, isReady } = slotOf(place);
    assert(isReady, "the node is hashed");
    return toBytes(words, at);
  };
  if (ref > 0) {
    const childOn = (side: Side): Cursor =>
      toCursor({ lease, ref: lease.arena.childOf(ref, side), parent: ref, side });
    const [left, right] = [(): Cursor => childOn(0), (): Cursor => childOn(1)];
    return { ...place, type: "inner", digest, left, right };
  }
  const path = (): Path => pathOf(lease.arena, slotOf(place), lease.hasher);
  const key = (): Uint8Array => lease.arena.leaves.keyOf(ref);
  const value = (): Uint8Array => lease.arena.leaves.valueOf(ref);
  return { ...place, type: "leaf", digest, path, key, value };
}

function slotOf({ lease, parent, side }: Place): Child {
  return parent === EMPTY ? lease.root : lease.arena.child(parent, side);
}
