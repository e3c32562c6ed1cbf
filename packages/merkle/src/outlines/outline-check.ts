import { assertNever, equalBytes } from "@aethel/models";
import type { Hasher } from "../hashing/hasher.ts";
import { EMPTY_DIGEST, leafDigest } from "../hashing/node.ts";
import { bitAt, type Path, sharedBits } from "../hashing/path.ts";
import { DEPTH_MAX, DIGEST_LENGTH } from "../limits.ts";
import { type Cursor, emptyCursor, hashedCursorOf } from "../tree/cursor.ts";
import { hasherOf, type Tree } from "../tree/tree.ts";
import type { OutlineNode } from "./outline.ts";
import {
  type Asked,
  askedAtRoot,
  asksAll,
  asksNothing,
  isAsked,
  type Span,
  splitAsked,
} from "./span.ts";

/** Why an outline with its entries shows nothing. */
export type OutlineRejection =
  /** A key, value, path, digest, root, or list has a length that none can have. */
  | "length"
  /** The entries are not in strictly ascending order of their hashed keys. */
  | "order"
  /** An entry was not asked for. */
  | "not-asked"
  /** A place that was asked for is hidden. */
  | "hidden"
  /** An entry has no place in the outline, or a place that is said to have some has none. */
  | "entries"
  /** The other leaf is not on this way, or it is one that was asked for. */
  | "other-leaf"
  /** No tree has this outline: it ends too soon or too late, or says in other words what it could. */
  | "shape"
  /** The digests do not lead to the root. */
  | "root";

/**
 * Checks that the tree with this root has in the spans, which are sorted and disjoint, exactly what
 * `part` has there: a tree that may hold more elsewhere. The digests are those of its subtrees: the
 * shape depends on the content alone, so one that no other key shares is the very subtree of the
 * whole. Never throws, whatever the outline is made of, as long as it has the fields of its type;
 * costs no more than what the outline holds and `part` has in the spans.
 */
export function checkOutline(claim: {
  readonly root: Uint8Array;
  readonly spans: readonly Span[];
  readonly part: Tree;
  readonly nodes: readonly OutlineNode[];
}): OutlineRejection | undefined {
  const { root, spans, part, nodes } = claim;
  const hasher = hasherOf(part);
  const walk: Walk = { nodes, at: 0, hasher, way: new Uint8Array(DIGEST_LENGTH) };
  const found = check(walk, {
    cursor: hashedCursorOf(part),
    asked: askedAtRoot(spans),
    depth: 0,
  });
  if (typeof found === "string") return found;
  if (walk.at !== nodes.length) return "shape";
  return equalBytes(found.digest, root) ? undefined : "root";
}

interface Walk {
  readonly nodes: readonly OutlineNode[];
  /** Index of the next node. */
  at: number;
  readonly hasher: Hasher;
  /** The bits that lead to where the walk is; those below it are of no meaning. */
  readonly way: Path;
}

interface Place {
  /** What the part has here, asked for or not. */
  readonly cursor: Cursor;
  readonly asked: Asked;
  readonly depth: number;
}

/** A subtree that was found sound as far as it can be without the root. */
interface Found {
  readonly digest: Uint8Array;
  readonly kind: "empty" | "leaf" | "hidden" | "inner";
  readonly hasOther: boolean;
}

function check(walk: Walk, place: Place): Found | OutlineRejection {
  const { cursor, asked, depth } = place;
  const node = walk.nodes[walk.at++];
  if (node === undefined) return "shape";
  switch (node.type) {
    case "empty":
      if (cursor.type !== "empty") return "entries";
      return { digest: EMPTY_DIGEST, kind: "empty", hasOther: false };
    case "hidden":
      if (!asksNothing(asked)) return "hidden";
      if (node.digest.length !== DIGEST_LENGTH) return "length";
      if (equalBytes(node.digest, EMPTY_DIGEST)) return "shape";
      return { digest: node.digest, kind: "hidden", hasOther: true };
    case "inside":
      if (cursor.type === "empty" || !isAllAsked(place)) return "entries";
      return { digest: cursor.digest(), kind: cursor.type, hasOther: false };
    case "other-leaf": {
      const reason = checkOtherLeaf(walk, place, node);
      if (reason !== undefined) return reason;
      return { digest: leafDigest(node, walk.hasher), kind: "leaf", hasOther: true };
    }
    case "inner":
      if (depth === DEPTH_MAX || asksNothing(asked)) return "shape";
      return checkInner(walk, place);
    default:
      return assertNever(node);
  }
}

function checkOtherLeaf(
  walk: Walk,
  { cursor, asked, depth }: Place,
  { path, valueDigest }: Extract<OutlineNode, { type: "other-leaf" }>,
): OutlineRejection | undefined {
  if (path.length !== DIGEST_LENGTH || valueDigest.length !== DIGEST_LENGTH) return "length";
  if (asksNothing(asked)) return "shape";
  // A part that holds more may have the other leaf itself, and nothing else.
  if (cursor.type === "inner") return "entries";
  if (cursor.type === "leaf" && isAsked(asked, cursor.path())) return "entries";
  if (sharedBits(path, walk.way) < depth || isAsked(asked, path)) return "other-leaf";
  return undefined;
}

function checkInner(walk: Walk, { cursor, asked, depth }: Place): Found | OutlineRejection {
  const [askedLeft, askedRight] = splitAsked(asked, depth);
  const [onLeft, onRight] = childrenOf(cursor, depth);
  const mask = 0x80 >>> (depth & 7);
  const byte = walk.way[depth >>> 3] ?? 0;
  walk.way[depth >>> 3] = byte & ~mask;
  const left = check(walk, { cursor: onLeft, asked: askedLeft, depth: depth + 1 });
  if (typeof left === "string") return left;
  walk.way[depth >>> 3] = ((walk.way[depth >>> 3] ?? 0) & ~mask) | mask;
  const right = check(walk, { cursor: onRight, asked: askedRight, depth: depth + 1 });
  if (typeof right === "string") return right;
  // Without another key it is `inside` or `empty`, and a leaf that is alone stands further up.
  if (!left.hasOther && !right.hasOther) return "shape";
  if (left.kind === "empty" && right.kind === "leaf") return "shape";
  if (left.kind === "leaf" && right.kind === "empty") return "shape";
  const pairs = new Uint8Array(2 * DIGEST_LENGTH);
  pairs.set(left.digest);
  pairs.set(right.digest, DIGEST_LENGTH);
  const digest = new Uint8Array(DIGEST_LENGTH);
  walk.hasher.digestPairs({ pairs, digests: digest });
  return { digest, kind: "inner", hasOther: true };
}

/** Whether everything that the part has at a place was asked for. Goes down the edges of spans only. */
function isAllAsked({ cursor, asked, depth }: Place): boolean {
  if (cursor.type === "empty" || asksAll(asked)) return true;
  if (asksNothing(asked)) return false;
  if (cursor.type === "leaf") return isAsked(asked, cursor.path());
  const [askedLeft, askedRight] = splitAsked(asked, depth);
  return (
    isAllAsked({ cursor: cursor.left(), asked: askedLeft, depth: depth + 1 }) &&
    isAllAsked({ cursor: cursor.right(), asked: askedRight, depth: depth + 1 })
  );
}

/** What stands on the left and right; a leaf is on the side to which its path goes. */
function childrenOf(cursor: Cursor, depth: number): readonly [left: Cursor, right: Cursor] {
  if (cursor.type === "inner") return [cursor.left(), cursor.right()];
  if (cursor.type === "empty") return [cursor, cursor];
  return bitAt(cursor.path(), depth) === 0 ? [cursor, emptyCursor] : [emptyCursor, cursor];
}
