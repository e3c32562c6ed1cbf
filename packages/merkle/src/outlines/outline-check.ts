import { assertNever, equalBytes } from "@aethel/models";
import type { Hasher } from "../hashing/hasher.ts";
import { EMPTY_DIGEST, leafDigest } from "../hashing/node.ts";
import { type Path, sharedBits } from "../hashing/path.ts";
import { DEPTH_MAX, DIGEST_LENGTH } from "../limits.ts";
import { type Cursor, childrenAt, hashedCursorOf } from "../tree/cursor.ts";
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

/** Reason for which an outline (a partial tree) or its entries are refused. */
export type OutlineRejection =
  /** A key, value, path, digest, root or list has a wrong length. */
  | "length"
  /** The entries are not in strictly ascending order of their hashed keys. */
  | "order"
  /** An entry was not requested. */
  | "not-asked"
  /** A hidden subtree would contain a requested path. */
  | "hidden"
  /** A subtree is empty in the outline and has entries in the proof, or the other way round. */
  | "entries"
  /** The path of the `other-leaf` does not belong to this subtree, or it was requested. */
  | "other-leaf"
  /** The nodes are not the canonical outline of a tree, or not exactly one tree. */
  | "shape"
  /** The digest that was computed from the outline is not the root. */
  | "root";

/**
 * Checks that, inside the spans (ranges of paths), the tree with this root has exactly the entries
 * that the tree `part` has there. The spans must be sorted and disjoint; `part` may also hold
 * entries outside of them. The check works because content determines the shape of a tree: a
 * subtree in which every key was requested has the same digest in `part` as in the whole tree.
 * Undefined if the outline is accepted. Never throws for an outline with the fields of its type.
 * Takes time linear in the outline and in the entries of `part` inside the spans.
 */
export function checkOutline(claim: {
  readonly root: Uint8Array;
  readonly spans: readonly Span[];
  readonly part: Tree;
  readonly nodes: readonly OutlineNode[];
}): OutlineRejection | undefined {
  const { root, spans, part, nodes } = claim;
  const hasher = hasherOf(part);
  const walk: Walk = { nodes, at: 0, hasher, path: new Uint8Array(DIGEST_LENGTH) };
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
  /** Index of the next node to read. */
  at: number;
  readonly hasher: Hasher;
  /** Path of the current node: the bits above the current depth. The other bits have no meaning. */
  readonly path: Path;
}

interface Place {
  /** Subtree of `part` at the place that the walk has reached. */
  readonly cursor: Cursor;
  readonly asked: Asked;
  readonly depth: number;
}

/**
 * Result for a subtree. It passed every check, except that its digest must still lead to the root.
 * `hasOther` says whether it contains a key that was not requested.
 */
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
  // `part` may hold the other leaf itself, outside the spans, and nothing else.
  if (cursor.type === "inner") return "entries";
  if (cursor.type === "leaf" && isAsked(asked, cursor.path())) return "entries";
  if (sharedBits(path, walk.path) < depth || isAsked(asked, path)) return "other-leaf";
  return undefined;
}

function checkInner(walk: Walk, { cursor, asked, depth }: Place): Found | OutlineRejection {
  const [askedLeft, askedRight] = splitAsked(asked, depth);
  const [onLeft, onRight] = childrenAt(cursor, depth);
  const mask = 0x80 >>> (depth & 7);
  const byte = walk.path[depth >>> 3] ?? 0;
  walk.path[depth >>> 3] = byte & ~mask;
  const left = check(walk, { cursor: onLeft, asked: askedLeft, depth: depth + 1 });
  if (typeof left === "string") return left;
  walk.path[depth >>> 3] = ((walk.path[depth >>> 3] ?? 0) & ~mask) | mask;
  const right = check(walk, { cursor: onRight, asked: askedRight, depth: depth + 1 });
  if (typeof right === "string") return right;
  // Without another key the node is `inside` or `empty`, and a single leaf is further up.
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

/**
 * Whether every entry of `part` at a place was requested. Goes down only along the ends of spans.
 */
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
