/**
 * Whether `--smoke` was given. Such a run has tiny sizes and one round, and shows only that the
 * bench works; its figures mean nothing. A test runs every bench in this way.
 */
export const isSmoke: boolean = process.argv.includes("--smoke");

/** Returns the size of some work: the full one, or the small one of a smoke run. */
export function sized<T>(full: T, small: T): T {
  return isSmoke ? small : full;
}

/**
 * Checks that the subject of a bench did its work. Otherwise a call that refuses its input
 * immediately would be measured as fast.
 * @throws Error if it did less than `least`. Default: 1.
 */
export function demandWork(work: string, done: number, least = 1): void {
  if (done >= least) return;
  throw new Error(
    `${work}: ${done} done, expected at least ${least}; so the figure would be empty`,
  );
}
