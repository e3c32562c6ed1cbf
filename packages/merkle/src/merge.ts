import { assert } from "@aethel/models";
import { type Arena, EMPTY, keyLengthOf, type Ref, valueLengthOf } from "./arena.ts";
import { bitOf, type Edits, isDelete, lengthsAt, sourceAt } from "./edits.ts";
import type { Hasher } from "./hasher.ts";
import { pathOf } from "./leaf.ts";
import { DEPTH_MAX } from "./limits.ts";
import { bitAt, type Path } from "./path.ts";

/** The tree after the edits, and by how many keys it grew. */
export interface Merged {
  readonly root: Ref;
  readonly growth: number;
}

/** What the walk knows; a new object for each step would be most of its cost (measured). */
interface Walk {
  readonly arena: Arena;
  readonly edits: Edits;
  readonly hasher: Hasher;
  /** Path of the one leaf that is being moved down. */
  leafPath: Path;
  growth: number;
}

/**
 * The tree after the edits. What they do not touch is shared with the old one, which stays. The
 * new root is not retained: the caller does that before anything else happens to the arena.
 */
export function applyEdits(options: {
  readonly arena: Arena;
  readonly root: Ref;
  readonly edits: Edits;
  readonly hasher: Hasher;
}): Merged {
  const { arena, root, edits, hasher } = options;
  const walk: Walk = { arena, edits, hasher, leafPath: new Uint8Array(), growth: 0 };
  const next = merge(walk, root, 0, edits.count, 0);
  return { root: next, growth: walk.growth };
}

/** The edits `from .. to-1` are those below the node, which stands at `depth`. */
function merge(walk: Walk, node: Ref, from: number, to: number, depth: number): Ref {
  if (from === to) return node;
  if (node > 0) return mergeInner(walk, node, from, to, depth);
  if (to - from > 1) {
    if (node !== EMPTY) walk.leafPath = pathOf(walk.arena, node, walk.hasher);
    return spread(walk, node, from, to, depth);
  }
  if (node === EMPTY) return place(walk, from);
  if (hasKeyOf(walk, node, from)) return replace(walk, node, from);
  if (isDelete(sourceAt(walk.edits, from))) return node;
  walk.leafPath = pathOf(walk.arena, node, walk.hasher);
  return spread(walk, node, from, to, depth);
}

function mergeInner(walk: Walk, node: Ref, from: number, to: number, depth: number): Ref {
  const { arena } = walk;
  const middle = firstRight(walk.edits, from, to, depth);
  const [oldLeft, oldRight] = [arena.leftOf(node), arena.rightOf(node)];
  const left = merge(walk, oldLeft, from, middle, depth + 1);
  const right = merge(walk, oldRight, middle, to, depth + 1);
  if (left === oldLeft && right === oldRight) return node;
  return join(arena, left, right);
}

/** Where nothing is, or a leaf: it goes down to where it, too, is alone. */
function spread(walk: Walk, leaf: Ref, from: number, to: number, depth: number): Ref {
  if (from === to) return leaf;
  if (to - from === 1) {
    if (leaf === EMPTY) return place(walk, from);
    if (hasKeyOf(walk, leaf, from)) return replace(walk, leaf, from);
    if (isDelete(sourceAt(walk.edits, from))) return leaf;
  }
  assert(depth < DEPTH_MAX, "different paths part within 256 bits");
  const middle = firstRight(walk.edits, from, to, depth);
  const goesRight = leaf !== EMPTY && bitAt(walk.leafPath, depth) === 1;
  const left = spread(walk, goesRight ? EMPTY : leaf, from, middle, depth + 1);
  const right = spread(walk, goesRight ? leaf : EMPTY, middle, to, depth + 1);
  return join(walk.arena, left, right);
}

/** The edit of a key that is not there. */
function place(walk: Walk, at: number): Ref {
  const source = sourceAt(walk.edits, at);
  if (isDelete(source)) return EMPTY;
  walk.growth++;
  return walk.arena.makeLeaf(source);
}

function hasKeyOf({ arena, edits }: Walk, leaf: Ref, at: number): boolean {
  const source = sourceAt(edits, at);
  const length = keyLengthOf(lengthsAt(source));
  return keyLengthOf(arena.lengthsOf(leaf)) === length && arena.startsWith(leaf, source, length);
}

/** The edit of the leaf's own key. */
function replace(walk: Walk, old: Ref, at: number): Ref {
  const { arena } = walk;
  const source = sourceAt(walk.edits, at);
  if (isDelete(source)) {
    walk.growth--;
    return EMPTY;
  }
  const lengths = lengthsAt(source);
  const length = keyLengthOf(lengths) + valueLengthOf(lengths);
  // The old leaf keeps its digest, and the parents stay shared.
  if (arena.lengthsOf(old) === lengths && arena.startsWith(old, source, length)) return old;
  return arena.makeLeaf(source);
}

/** Index of the first edit that goes right at this depth. */
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

/** The one shape for a content: a leaf that is alone moves up, and an empty pair is empty. */
function join(arena: Arena, left: Ref, right: Ref): Ref {
  if (left === EMPTY && right <= EMPTY) return right;
  if (right === EMPTY && left <= EMPTY) return left;
  return arena.makeInner(left, right);
}
