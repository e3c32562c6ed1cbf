import type { Tree } from "../src/index.ts";
import { EMPTY, type Ref } from "../src/nodes/arena.ts";
import { handleOf } from "../src/tree/tree.ts";

/** Number of different nodes that versions of one arena have together. */
export function reachableFrom(trees: readonly Tree[]): {
  readonly inner: number;
  readonly leaves: number;
} {
  const seen = new Set<Ref>();
  for (const tree of trees) {
    const { arena, ref: root } = handleOf(tree);
    const ahead = [root];
    while (ahead.length > 0) {
      const ref = ahead.pop() ?? EMPTY;
      if (ref === EMPTY || seen.has(ref)) continue;
      seen.add(ref);
      if (ref > 0) ahead.push(arena.childOf(ref, 0), arena.childOf(ref, 1));
    }
  }
  const leaves = [...seen].filter((ref) => ref < 0).length;
  return { inner: seen.size - leaves, leaves };
}
