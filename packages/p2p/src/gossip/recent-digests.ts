/**
 * Memory of recent digests. Each is remembered for at least the window, or until half of
 * `entriesMax` newer ones have been added.
 */
export interface RecentDigests {
  /** Adds a digest. Returns whether it is new, that is, not remembered. */
  add(digest: string): boolean;
}

/**
 * Creates a memory of two generations. When the younger one is full or as old as the window, it
 * becomes the older one, and the previous older one is forgotten. So memory is bounded without
 * removing single entries.
 */
export function createRecentDigests(options: {
  readonly entriesMax: number;
  readonly windowMs: number;
  readonly now: () => number;
}): RecentDigests {
  let young = new Set<string>();
  let old = new Set<string>();
  let since = options.now();
  return {
    add(digest) {
      const now = options.now();
      const age = now - since;
      if (age >= options.windowMs || young.size * 2 >= options.entriesMax) {
        old = age >= 2 * options.windowMs ? new Set() : young;
        young = new Set();
        since = now;
      }
      const isNew = !young.has(digest) && !old.has(digest);
      young.add(digest);
      return isNew;
    },
  };
}
