import { assert, compareBytes, equalBytes } from "@aethel/models";
import { type Cursor, childrenAt, cursorOf, isShared, type LeafCursor } from "./cursor.ts";
import { hasherOf, type Tree } from "./tree.ts";

/** Change of one key between two versions. */
export interface Difference {
  readonly key: Uint8Array;
  /** Value of the key before the change. Undefined if the key was added. */
  readonly before: Uint8Array | undefined;
  /** Value of the key after the change. Undefined if the key was deleted. */
  readonly after: Uint8Array | undefined;
}

/**
 * Lists all keys whose values differ, in the order of the hashed keys. Values are copies. Subtrees
 * that both versions share are skipped, so for related versions the cost depends only on the
 * changes. In unrelated trees, subtrees are compared by digest where both are hashed.
 */
export function diff(before: Tree, after: Tree): readonly Difference[] {
  assert(hasherOf(before) === hasherOf(after), "two versions to compare have one hasher");
  const found: Difference[] = [];
  walk({ before: cursorOf(before), after: cursorOf(after), depth: 0 }, found);
  return found;
}

interface Pair {
  readonly before: Cursor;
  readonly after: Cursor;
  readonly depth: number;
}

function walk({ before, after, depth }: Pair, found: Difference[]): void {
  if (isShared(before, after)) return;
  if (before.type === "inner" || after.type === "inner") {
    const [oldLeft, oldRight] = childrenAt(before, depth);
    const [left, right] = childrenAt(after, depth);
    walk({ before: oldLeft, after: left, depth: depth + 1 }, found);
    walk({ before: oldRight, after: right, depth: depth + 1 }, found);
    return;
  }
  compareLeaves(
    before.type === "leaf" ? before : undefined,
    after.type === "leaf" ? after : undefined,
    found,
  );
}

function compareLeaves(
  before: LeafCursor | undefined,
  after: LeafCursor | undefined,
  found: Difference[],
): void {
  if (before !== undefined && after !== undefined) {
    if (equalBytes(before.key(), after.key())) {
      if (!equalBytes(before.value(), after.value())) found.push(difference({ before, after }));
      return;
    }
    const deleted = difference({ before });
    const added = difference({ after });
    const isFirst = compareBytes(before.path(), after.path()) < 0;
    found.push(...(isFirst ? [deleted, added] : [added, deleted]));
    return;
  }
  if (before !== undefined) found.push(difference({ before }));
  if (after !== undefined) found.push(difference({ after }));
}

function difference({ before, after }: { before?: LeafCursor; after?: LeafCursor }): Difference {
  const leaf = before ?? after;
  assert(leaf !== undefined, "a difference has a key");
  return { key: leaf.key(), before: before?.value(), after: after?.value() };
}
