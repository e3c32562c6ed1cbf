import { compareBytes } from "@aethel/models";
import { bitAt, type Path } from "../hashing/path.ts";
import type { Cursor, LeafCursor } from "./cursor.ts";

/** A subtree that is still to be visited. */
interface Ahead {
  readonly cursor: Cursor;
  readonly depth: number;
  /**
   * Whether the path `from` leads into the subtree. If so, some of its leaves may be before `from`.
   */
  readonly isEdge: boolean;
}

/**
 * Iterates, in order, over the leaves whose paths are `from` or later. Only leaves near `from` need
 * their keys hashed.
 */
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
