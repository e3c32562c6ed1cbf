import { equalBytes } from "@aethel/models";
import { EMPTY, type Ref } from "./arena.ts";
import { digestAt, keyOf, pathOf, valueOf } from "./leaf.ts";
import type { Lease } from "./lease.ts";
import { EMPTY_DIGEST } from "./node.ts";
import type { Path } from "./path.ts";
import { leaseOf, type Tree } from "./tree.ts";

/**
 * A place in one version, and the only way in which the package reads nodes: proofs, the diff and
 * all that walks a tree know cursors, and nothing of how nodes are stored. Internal. A cursor keeps
 * its version alive, and all bytes that it gives are copies. Sizes of subtrees are not stored.
 */
export type Cursor = EmptyCursor | LeafCursor | InnerCursor;

/** Which node of which version a cursor stands on. */
interface Place {
  readonly lease: Lease;
  readonly ref: Ref;
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
  return toCursor(lease, lease.root);
}

/** The root of a version that is hashed now, if it was not before. */
export function hashedCursorOf(tree: Tree): Cursor {
  const lease = leaseOf(tree);
  if (!lease.hashedArena.isHashed(lease.root)) throw notHashed();
  return toCursor(lease, lease.root);
}

/** The cursor of everything that is empty. */
export const emptyCursor: EmptyCursor = { type: "empty", digest: () => EMPTY_DIGEST.slice() };

/**
 * Whether two subtrees certainly have one content: they are the same nodes, or both are hashed and
 * have the same digest. Costs nothing that grows; false says nothing.
 */
export function isShared(left: Cursor, right: Cursor): boolean {
  if (left.type === "empty" || right.type === "empty") return left.type === right.type;
  const [one, other] = [left.lease.arena, right.lease.arena];
  if (one === other && left.ref === right.ref) return true;
  if (!one.isHashed(left.ref) || !other.isHashed(right.ref)) return false;
  return equalBytes(digestAt(one, left.ref), digestAt(other, right.ref));
}

function toCursor(lease: Lease, ref: Ref): Cursor {
  if (ref === EMPTY) return emptyCursor;
  const digest = (): Uint8Array => digestOf(lease, ref);
  if (ref > 0) {
    const left = (): Cursor => toCursor(lease, lease.arena.leftOf(ref));
    const right = (): Cursor => toCursor(lease, lease.arena.rightOf(ref));
    return { type: "inner", lease, ref, digest, left, right };
  }
  const path = (): Path => pathOf(lease.arena, ref, lease.hasher);
  const key = (): Uint8Array => keyOf(lease.arena, ref);
  const value = (): Uint8Array => valueOf(lease.arena, ref);
  return { type: "leaf", lease, ref, digest, path, key, value };
}

function digestOf({ arena }: Lease, ref: Ref): Uint8Array {
  if (!arena.isHashed(ref)) throw notHashed();
  return digestAt(arena, ref);
}

const notHashed = (): Error => new Error("invariant broken: the node is hashed");
