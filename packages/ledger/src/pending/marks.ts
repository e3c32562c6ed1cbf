import type { AuthorQueue } from "./author-queue.ts";

/** Authors of whom something is to be done, each once, in the order in which they came. */
export interface Marked {
  add(queue: AuthorQueue): void;
  clear(): void;
  /** What is added while they are gone through is gone through, too. */
  readonly all: readonly AuthorQueue[];
}

/** Marks of an author, each a bit of its own. */
export const MARK = { touched: 1, contended: 2, priced: 4, demoted: 8, ends: 16 } as const;

/**
 * Nobody is marked. A `Set` would do, but each proof that comes in adds its author to four of them,
 * and they are emptied again: a bit of its own takes a sixth of the time (measured).
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
