import { assert, compareBytes, equalBytes } from "@aethel/models";
import { childrenAt } from "./merge.ts";
import type { Leaf, Node } from "./node.ts";
import { insideOf, type Tree } from "./tree.ts";

/** What happened to one key between two versions; the two values differ. */
export interface Difference {
  readonly key: Uint8Array;
  /** Undefined where the key is new. */
  readonly before: Uint8Array | undefined;
  /** Undefined where the key was deleted. */
  readonly after: Uint8Array | undefined;
}

/**
 * Every key whose value differs, in the order of the hashed keys, with copies of the values.
 * Subtrees that the versions share are skipped, so versions that came one from the other cost
 * what changed. Trees that were built apart are compared by digest where both are hashed.
 */
export function diff(before: Tree, after: Tree): readonly Difference[] {
  const old = insideOf(before);
  const young = insideOf(after);
  assert(old.hasher === young.hasher, "two versions to compare have one hasher");
  const found: Difference[] = [];
  walk({ before: old.node, after: young.node, depth: 0 }, found);
  return found;
}

interface Pair {
  readonly before: Node | undefined;
  readonly after: Node | undefined;
  readonly depth: number;
}

function walk({ before, after, depth }: Pair, found: Difference[]): void {
  if (before === after || haveOneDigest(before, after)) return;
  if (before?.type === "inner" || after?.type === "inner") {
    const [oldLeft, oldRight] = childrenAt(before, depth);
    const [left, right] = childrenAt(after, depth);
    walk({ before: oldLeft, after: left, depth: depth + 1 }, found);
    walk({ before: oldRight, after: right, depth: depth + 1 }, found);
    return;
  }
  compareLeaves(before, after, found);
}

function haveOneDigest(before: Node | undefined, after: Node | undefined): boolean {
  const [old, young] = [before?.digest, after?.digest];
  return old !== undefined && young !== undefined && equalBytes(old, young);
}

function compareLeaves(
  before: Leaf | undefined,
  after: Leaf | undefined,
  found: Difference[],
): void {
  if (before !== undefined && after !== undefined) {
    const order = compareBytes(before.path, after.path);
    if (order === 0) {
      if (!equalBytes(before.value, after.value)) found.push(difference({ before, after }));
      return;
    }
    const deleted = difference({ before });
    const added = difference({ after });
    found.push(...(order < 0 ? [deleted, added] : [added, deleted]));
    return;
  }
  if (before !== undefined) found.push(difference({ before }));
  if (after !== undefined) found.push(difference({ after }));
}

function difference({ before, after }: { before?: Leaf; after?: Leaf }): Difference {
  const key = (before ?? after)?.key;
  assert(key !== undefined, "a difference has a key");
  return { key: key.slice(), before: before?.value.slice(), after: after?.value.slice() };
}
