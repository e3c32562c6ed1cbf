import type { Hasher } from "../hashing/hasher.ts";
import { type Cursor, hashedCursorOf, type LeafCursor } from "../tree/cursor.ts";
import { hasherOf, type Tree } from "../tree/tree.ts";
import {
  type Asked,
  askedAtRoot,
  asksAll,
  asksNothing,
  isAsked,
  type Span,
  splitAsked,
} from "./span.ts";

/**
 * One node of an outline: a partial tree, of which a verifier computes the root from requested
 * entries. The outline goes down until requested paths and other keys are in different subtrees.
 * Nodes are in preorder, left side first; only `inner` nodes have children.
 */
export type OutlineNode =
  /** Empty subtree. */
  | { readonly type: "empty" }
  /** Subtree without a requested path, as a digest. It is not empty. */
  | { readonly type: "hidden"; readonly digest: Uint8Array }
  /**
   * Inner node, below which there are requested paths and at least one key that is not requested.
   */
  | { readonly type: "inner" }
  /** Subtree with one key or more, all of which are requested. */
  | { readonly type: "inside" }
  /** Subtree with requested paths that has only one key, which is not requested. */
  | { readonly type: "other-leaf"; readonly path: Uint8Array; readonly valueDigest: Uint8Array };

/** An outline, and the leaves of its `inside` nodes in the order of their paths. */
export interface OutlineWithLeaves {
  readonly nodes: readonly OutlineNode[];
  readonly leaves: readonly LeafCursor[];
}

const EMPTY: OutlineNode = Object.freeze({ type: "empty" });
const INNER: OutlineNode = Object.freeze({ type: "inner" });
const INSIDE: OutlineNode = Object.freeze({ type: "inside" });

/** Shared objects for nodes without fields: a decoder may read millions of them. */
export const plainNodes = { empty: EMPTY, inner: INNER, inside: INSIDE } as const;

/**
 * Builds the outline of a tree for the paths in the spans. The spans must be sorted and disjoint.
 */
export function buildOutline(tree: Tree, spans: readonly Span[]): OutlineWithLeaves {
  const build: Build = { nodes: [], leaves: [], hasher: hasherOf(tree) };
  addSubtree(build, { cursor: hashedCursorOf(tree), asked: askedAtRoot(spans), depth: 0 });
  return build;
}

interface Build {
  readonly nodes: OutlineNode[];
  readonly leaves: LeafCursor[];
  readonly hasher: Hasher;
}

interface Place {
  readonly cursor: Cursor;
  readonly asked: Asked;
  readonly depth: number;
}

/** Adds a subtree to an outline. Returns whether it has a key that is not requested. */
function addSubtree(build: Build, { cursor, asked, depth }: Place): boolean {
  const { nodes, leaves, hasher } = build;
  if (cursor.type === "empty") {
    nodes.push(EMPTY);
    return false;
  }
  if (asksNothing(asked)) {
    nodes.push({ type: "hidden", digest: cursor.digest() });
    return true;
  }
  if (cursor.type === "leaf") {
    const path = cursor.path();
    if (!isAsked(asked, path)) {
      nodes.push({ type: "other-leaf", path, valueDigest: hasher.digest(cursor.value()) });
      return true;
    }
    leaves.push(cursor);
    nodes.push(INSIDE);
    return false;
  }
  if (asksAll(asked)) {
    collect(cursor, leaves);
    nodes.push(INSIDE);
    return false;
  }
  const mark = nodes.length;
  nodes.push(INNER);
  const [left, right] = splitAsked(asked, depth);
  const hasOtherLeft = addSubtree(build, { cursor: cursor.left(), asked: left, depth: depth + 1 });
  const hasOtherRight = addSubtree(build, {
    cursor: cursor.right(),
    asked: right,
    depth: depth + 1,
  });
  if (hasOtherLeft || hasOtherRight) return true;
  nodes.length = mark;
  nodes.push(INSIDE);
  return false;
}

function collect(cursor: Cursor, leaves: LeafCursor[]): void {
  if (cursor.type === "leaf") leaves.push(cursor);
  if (cursor.type !== "inner") return;
  collect(cursor.left(), leaves);
  collect(cursor.right(), leaves);
}
