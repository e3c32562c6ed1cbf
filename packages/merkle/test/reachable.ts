import type { Tree } from "../src/index.ts";
import { EMPTY, type Ref } from "../src/nodes/arena.ts";
import { leaseOf } from "../src/tree/tree.ts";

/** How many different nodes the versions, all of one arena, have between them. */
export function reachableFrom(trees: readonly Tree[]): {
  readonly inner: number;
  readonly leaves: number;
} {
  const seen = new Set<Ref>();
  for (const tree of trees) {
    const { arena, ref: root } = leaseOf(tree);
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
