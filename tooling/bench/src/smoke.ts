/**
 * Whether `--smoke` asks for a run that shows only that the bench works: tiny sizes, one round. Its
 * figures mean nothing. A test runs every bench so.
 */
export const isSmoke: boolean = process.argv.includes("--smoke");

/** Returns the size of some work: the full one, or the small one of a smoke run. */
export function sized<T>(full: T, small: T): T {
  return isSmoke ? small : full;
}

/**
 * Checks that the subject of a bench did its work: what is refused at once is measured as fast.
 *
 * @throws Error if it did less than `least`. Default: 1.
 */
export function demandWork(work: string, done: number, least = 1): void {
  if (done >= least) return;
  throw new Error(
    `${work}: ${done} done, expected at least ${least}; so the figure would be empty`,
  );
}
