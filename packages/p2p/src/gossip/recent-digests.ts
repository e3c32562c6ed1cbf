/**
 * Memory of recent digests. Each is remembered for at least the window, or until half of
 * `entriesMax` newer ones have been added. None is remembered for more than two windows.
 */
export interface RecentDigests {
  /**
   * Adds a digest. Returns whether it is new, that is, not remembered. A remembered digest is not
   * remembered longer for it, so repetitions cannot keep it in memory.
   */
  add(digest: string): boolean;
  has(digest: string): boolean;
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
  const { entriesMax, windowMs } = options;
  let young = new Set<string>();
  let old = new Set<string>();
  let since = options.now();

  function rotate(): void {
    const now = options.now();
    const age = now - since;
    if (age < windowMs && young.size * 2 < entriesMax) return;
    old = age >= 2 * windowMs ? new Set() : young;
    young = new Set();
    // The end of the old generation's window, not the time of this call, so that it ends in time.
    since = age < windowMs ? now : now - (age % windowMs);
  }

  function has(digest: string): boolean {
    rotate();
    return young.has(digest) || old.has(digest);
  }

  return {
    has,
    add(digest) {
      if (has(digest)) return false;
      young.add(digest);
      return true;
    },
  };
}
