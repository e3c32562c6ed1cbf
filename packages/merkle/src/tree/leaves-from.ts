import { compareBytes } from "@aethel/models";
import { bitAt, type Path } from "../hashing/path.ts";
import type { Cursor, LeafCursor } from "./cursor.ts";

/** Subtree that is still to be walked. */
interface Ahead {
  readonly cursor: Cursor;
  readonly depth: number;
  /** Whether the subtree contains `from`, so that some of its leaves may be before it. */
  readonly isEdge: boolean;
}

/** Iterates over the leaves at and after a path, in order. Hashes the first leaves only. */
export function* leavesFrom(root: Cursor, from: Path): IterableIterator<LeafCursor> {
  const ahead: Ahead[] = [{ cursor: root, depth: 0, isEdge: true }];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { cursor, depth, isEdge } = next;
    if (cursor.type === "leaf") {
      if (!isEdge || compareBytes(cursor.path(), from) >= 0) yield cursor;
    } else if (cursor.type === "inner") {
      const goesRight = isEdge && bitAt(from, depth) === 1;
      ahead.push({ cursor: cursor.right(), depth: depth + 1, isEdge: goesRight });
      if (!goesRight) ahead.push({ cursor: cursor.left(), depth: depth + 1, isEdge });
    }
  }
}
