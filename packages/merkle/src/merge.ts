import { assert, compareBytes, equalBytes } from "@aethel/models";
import { DEPTH_MAX } from "./limits.ts";
import { type Inner, type Leaf, type Node, sizeOf } from "./node.ts";
import { bitAt, type Path } from "./path.ts";

/** A change of one key, ready for the tree: hashed, checked, copied. */
export interface Edit {
  readonly path: Path;
  readonly key: Uint8Array;
  /** The new leaf, or undefined where the key is deleted. */
  readonly leaf: Leaf | undefined;
}

/** Sorted by path, one for each key: of several edits of a key the last stays. */
export function orderEdits(edits: Edit[]): readonly Edit[] {
  // The sort is stable, so edits of one key stay in the order in which they came.
  edits.sort((left, right) => compareBytes(left.path, right.path));
  return edits.filter((edit, at) => {
    const next = edits[at + 1];
    if (next === undefined || !equalBytes(edit.path, next.path)) return true;
    assert(equalBytes(edit.key, next.key), "no two keys have one SHA-256");
    return false;
  });
}

/** The tree after the edits. What they do not touch is shared with the old one, which stays. */
export function applyEdits(root: Node | undefined, edits: readonly Edit[]): Node | undefined {
  return merge(root, { edits, from: 0, to: edits.length, depth: 0 });
}

/** The edits `from .. to-1` are those below the node, which stands at `depth`. */
interface Span {
  readonly edits: readonly Edit[];
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

function merge(node: Node | undefined, span: Span): Node | undefined {
  const { edits, from, to, depth } = span;
  const first = edits[from];
  if (from === to || first === undefined) return node;
  if (to - from === 1 && node?.type !== "inner") {
    if (node === undefined) return first.leaf;
    if (equalBytes(node.path, first.path)) return replace(node, first);
    if (first.leaf === undefined) return node;
  }
  assert(depth < DEPTH_MAX, "different paths part within 256 bits");

  const middle = firstRight(span);
  const [oldLeft, oldRight] = childrenAt(node, depth);
  const left = merge(oldLeft, { edits, from, to: middle, depth: depth + 1 });
  const right = merge(oldRight, { edits, from: middle, to, depth: depth + 1 });
  if (node?.type === "inner" && left === oldLeft && right === oldRight) return node;
  return join(left, right);
}

function replace(old: Leaf, edit: Edit): Leaf | undefined {
  assert(equalBytes(old.key, edit.key), "no two keys have one SHA-256");
  if (edit.leaf === undefined) return undefined;
  // The old leaf keeps its digest, and the parents stay shared.
  return equalBytes(old.value, edit.leaf.value) ? old : edit.leaf;
}

/** What a node has on its left and right; a leaf stands on the side to which its path goes. */
function childrenAt(
  node: Node | undefined,
  depth: number,
): readonly [left: Node | undefined, right: Node | undefined] {
  if (node === undefined) return [undefined, undefined];
  if (node.type === "inner") return [node.left, node.right];
  return bitAt(node.path, depth) === 0 ? [node, undefined] : [undefined, node];
}

/** Index of the first edit that goes right at this depth. */
function firstRight({ edits, from, to, depth }: Span): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const edit = edits[middle];
    if (edit !== undefined && bitAt(edit.path, depth) === 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The one shape for a content: a leaf that is alone moves up, and an empty pair is empty. */
function join(left: Node | undefined, right: Node | undefined): Node | undefined {
  if (left === undefined && right?.type !== "inner") return right;
  if (right === undefined && left?.type !== "inner") return left;
  const inner: Inner = {
    type: "inner",
    left,
    right,
    size: sizeOf(left) + sizeOf(right),
    digest: undefined,
  };
  return inner;
}
