import type { AuthorQueue } from "./author-queue.ts";

/**
 * Set of the authors for which one kind of update is due, in the order in which they were added.
 */
export interface Marked {
  add(queue: AuthorQueue): void;
  clear(): void;
  /**
   * All authors of the set. A loop over this array also visits authors that are added during the
   * loop.
   */
  readonly all: readonly AuthorQueue[];
}

/** Kinds of updates, each with a bit of its own. */
export const MARK = { touched: 1, contended: 2, priced: 4, demoted: 8, ends: 16 } as const;

/**
 * Creates an empty set for one kind of update. A `Set` would work too, but each submitted proof
 * adds its author to four such sets, which are then emptied. A bit in the author's queue takes a
 * sixth of the time (measured).
 */
export function createMarked(mark: (typeof MARK)[keyof typeof MARK]): Marked {
  const all: AuthorQueue[] = [];
  return {
    all,
    add: (queue) => {
      if ((queue.marks & mark) !== 0) return;
      queue.marks |= mark;
      all.push(queue);
    },
    clear: () => {
      // Popped one by one, the list keeps its memory for the next.
      for (let last = all.pop(); last !== undefined; last = all.pop()) last.marks &= ~mark;
    },
  };
}
