import type { AuthorQueue } from "./author-queue.ts";

/** Set of authors with one pending update, each once, in the order in which they were added. */
export interface Marked {
  add(queue: AuthorQueue): void;
  clear(): void;
  /** All authors. Those that are added during a walk are visited too. */
  readonly all: readonly AuthorQueue[];
}

/** Kinds of updates, each with a bit of its own. */
export const MARK = { touched: 1, contended: 2, priced: 4, demoted: 8, ends: 16 } as const;

/**
 * Creates an empty set. A `Set` would do, but each submitted proof adds its author to four of them,
 * and they are emptied again: a bit in the queue takes a sixth of the time (measured).
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
