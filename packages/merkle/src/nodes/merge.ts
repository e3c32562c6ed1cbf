import { assert } from "@aethel/models";
import { toBytes } from "../hashing/digest-words.ts";
import type { Hasher } from "../hashing/hasher.ts";
import { bitAt, type Path } from "../hashing/path.ts";
import { DEPTH_MAX } from "../limits.ts";
import { type Arena, type Child, EMPTY, NOTHING, type Ref, type Side } from "./arena.ts";
import { keyLengthOf, valueLengthOf } from "./leaf-store.ts";
import { bitOf, type Edits } from "./sort-by-path.ts";

/** Result of applying edits (sorted changes) to a tree. */
export interface Merged {
  readonly root: Child;
  /** Change of the number of keys; negative if keys were deleted. */
  readonly growth: number;
}

/** State while edits (sorted changes) are applied to a tree. */
interface Walk {
  readonly arena: Arena;
  readonly edits: Edits;
  readonly hasher: Hasher;
  /** References of the leaves that were made for the edits, in the order of the edits. */
  readonly made: Int32Array;
  growth: number;
}

/**
 * Makes a leaf for each edit, also for deletions. Doing this in one loop lets the processor load
 * many records at once, and the leaves get into the order of their paths.
 */
function makeLeaves(arena: Arena, { count, recordAt }: Edits): Int32Array {
  const made = new Int32Array(count);
  for (let at = 0; at < count; at++) made[at] = arena.makeLeaf(recordAt(at));
  return made;
}

/**
 * Applies edits to a tree. The new tree shares the unchanged nodes with the old one, which stays
 * valid. The caller MUST retain the new root before anything else changes the arena.
 */
export function applyEdits(options: {
  readonly arena: Arena;
  readonly root: Child;
  readonly edits: Edits;
  readonly hasher: Hasher;
}): Merged {
  const { arena, root, edits, hasher } = options;
  const walk: Walk = { arena, edits, hasher, made: makeLeaves(arena, edits), growth: 0 };
  const next = merge(walk, root, 0, edits.count, 0);
  return { root: next, growth: walk.growth };
}

/**
 * Applies the edits `from .. to-1`, whose paths are all below `node`, which is at `depth`. Returns
 * `node` itself if nothing changed. (It takes positional numbers because an object for them doubles
 * the time.)
 */
function merge(walk: Walk, node: Child, from: number, to: number, depth: number): Child {
  if (from === to) return node;
  if (node.ref > 0) return mergeInner(walk, node, from, to, depth);
  if (to - from === 1) {
    const result = settle(walk, node, from);
    if (result !== undefined) return result;
  }
  const path = node.ref === EMPTY ? undefined : pathOf(walk.arena, node, walk.hasher);
  return spread(walk, { node, path }, from, to, depth);
}

function mergeInner(walk: Walk, node: Child, from: number, to: number, depth: number): Child {
  const { arena } = walk;
  const middle = firstRight(walk.edits, from, to, depth);
  const [oldLeft, oldRight] = [arena.child(node.ref, 0), arena.child(node.ref, 1)];
  const left = merge(walk, oldLeft, from, middle, depth + 1);
  const right = merge(walk, oldRight, middle, to, depth + 1);
  if (left === oldLeft && right === oldRight) return node;
  return join(arena, left, right);
}

/** Old leaf, if any, at a place below which the new tree has several keys. */
interface Moving {
  readonly node: Child;
  /** Path of the leaf. Undefined if there is no leaf. */
  readonly path: Path | undefined;
}

const nothingMoves: Moving = { node: NOTHING, path: undefined };

/**
 * Builds the subtree of a moving leaf and of several edits. The leaf moves down to the depth at
 * which its path differs from theirs.
 */
function spread(walk: Walk, moving: Moving, from: number, to: number, depth: number): Child {
  if (from === to) return moving.node;
  if (to - from === 1) {
    const result = settle(walk, moving.node, from);
    if (result !== undefined) return result;
  }
  assert(depth < DEPTH_MAX, "different paths part within 256 bits");
  const middle = firstRight(walk.edits, from, to, depth);
  const goesRight = moving.path !== undefined && bitAt(moving.path, depth) === 1;
  const [onLeft, onRight] = goesRight ? [nothingMoves, moving] : [moving, nothingMoves];
  const left = spread(walk, onLeft, from, middle, depth + 1);
  const right = spread(walk, onRight, middle, to, depth + 1);
  return join(walk.arena, left, right);
}

/**
 * Applies one edit to an empty place or to a leaf. Undefined if the old leaf and the leaf of the
 * edit both stay: then they must be placed further down.
 */
function settle(walk: Walk, node: Child, at: number): Child | undefined {
  const { leaves } = walk.arena;
  const edit = walk.made[at] ?? EMPTY;
  const isDelete = leaves.isDelete(edit);
  if (node.ref === EMPTY) {
    if (isDelete) return discard(walk, edit, node);
    walk.growth++;
    return toLeaf(walk, edit, at);
  }
  const [old, lengths] = [leaves.lengthsOf(node.ref), leaves.lengthsOf(edit)];
  const keyLength = keyLengthOf(lengths);
  if (keyLengthOf(old) !== keyLength || !leaves.haveSame(node.ref, edit, keyLength)) {
    return isDelete ? discard(walk, edit, node) : undefined;
  }
  if (isDelete) {
    walk.growth--;
    return discard(walk, edit, NOTHING);
  }
  const isSame =
    old === lengths && leaves.haveSame(node.ref, edit, keyLength + valueLengthOf(lengths));
  // The old leaf keeps its digest, and the parents stay shared.
  return isSame ? discard(walk, edit, node) : toLeaf(walk, edit, at);
}

/** Frees the leaf of an edit that the new tree does not need, and returns `result`. */
function discard({ arena }: Walk, edit: Ref, result: Child): Child {
  arena.leaves.discard(edit);
  return result;
}

const toLeaf = ({ edits }: Walk, ref: Ref, at: number): Child => ({
  ref,
  words: edits.paths,
  at: at * 8,
  isReady: false,
});

/**
 * Returns the path of a leaf: from its slot while the leaf is not hashed, otherwise by hashing the
 * key.
 */
export function pathOf(
  { leaves }: Arena,
  { ref, words, at, isReady }: Child,
  hasher: Hasher,
): Path {
  return isReady ? hasher.digest(leaves.keyView(ref)) : toBytes(words, at);
}

/** Returns the index of the first edit whose path goes right at `depth`, or `to` if none does. */
function firstRight(edits: Edits, from: number, to: number, depth: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bitOf(edits, middle, depth) === 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Joins two subtrees. The result has the only shape that its content allows: a single leaf moves
 * up.
 */
function join(arena: Arena, left: Child, right: Child): Child {
  if (left.ref === EMPTY) return right.ref > 0 ? lone(arena, 1, right) : right;
  if (right.ref === EMPTY) return left.ref > 0 ? lone(arena, 0, left) : left;
  return unhashed(arena.makeFork(left, right));
}

const lone = (arena: Arena, side: Side, child: Child): Child =>
  unhashed(arena.makeLone(side, child));

/** Returns a node as a child without a digest. The content of its slot does not matter. */
const unhashed = (ref: number): Child => ({ ref, words: NOTHING.words, at: 0, isReady: false });
