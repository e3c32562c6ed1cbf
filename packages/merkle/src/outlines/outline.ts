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
 * One node of an outline: a tree from the root down to where the asked places and the rest part.
 * Each node is followed by all below it, left side first; only `inner` has something below.
 */
export type OutlineNode =
  /** Nothing is there. */
  | { readonly type: "empty" }
  /** Nothing that is asked for is there. Never the digest of the empty subtree. */
  | { readonly type: "hidden"; readonly digest: Uint8Array }
  /** Asked and other things are there, on two sides. */
  | { readonly type: "inner" }
  /** Keys that are asked for are there, at least one, and no other key. */
  | { readonly type: "inside" }
  /** Places that are asked for are there, and one key, which is none of those. */
  | { readonly type: "other-leaf"; readonly path: Uint8Array; readonly valueDigest: Uint8Array };

/** An outline, and the leaves that it says are `inside`, in the order of their paths. */
export interface Drawing {
  readonly nodes: readonly OutlineNode[];
  readonly leaves: readonly LeafCursor[];
}

const EMPTY: OutlineNode = Object.freeze({ type: "empty" });
const INNER: OutlineNode = Object.freeze({ type: "inner" });
const INSIDE: OutlineNode = Object.freeze({ type: "inside" });

/** Nodes without content are shared: a decoder may meet millions of them. */
export const plainNodes = { empty: EMPTY, inner: INNER, inside: INSIDE } as const;

/** The one outline of a tree for some spans, which are sorted and disjoint. */
export function drawOutline(tree: Tree, spans: readonly Span[]): Drawing {
  const pen: Pen = { nodes: [], leaves: [], hasher: hasherOf(tree) };
  draw(pen, { cursor: hashedCursorOf(tree), asked: askedAtRoot(spans), depth: 0 });
  return pen;
}

interface Pen {
  readonly nodes: OutlineNode[];
  readonly leaves: LeafCursor[];
  readonly hasher: Hasher;
}

interface Place {
  readonly cursor: Cursor;
  readonly asked: Asked;
  readonly depth: number;
}

/** Draws a subtree, and says whether it has a key that is not asked for. */
function draw(pen: Pen, { cursor, asked, depth }: Place): boolean {
  const { nodes, leaves, hasher } = pen;
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
  const hasOtherLeft = draw(pen, { cursor: cursor.left(), asked: left, depth: depth + 1 });
  const hasOtherRight = draw(pen, { cursor: cursor.right(), asked: right, depth: depth + 1 });
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
