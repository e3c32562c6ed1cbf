import { compareBytes } from "@aethel/models";
import { bitAt, type Path } from "../hashing/path.ts";
import type { Cursor, LeafCursor } from "./cursor.ts";

/** Where the walk goes on. */
interface Ahead {
  readonly cursor: Cursor;
  readonly depth: number;
  /** Whether the place's interval of paths holds the first one, so that parts of it come before. */
  readonly isEdge: boolean;
}

/** The leaves at a path and after it, in order. Only the first ones are hashed. */
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
