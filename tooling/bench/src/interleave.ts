import { isSmoke } from "./smoke.ts";

/** One of several ways to do the same work, whose times are compared. */
export interface Subject<Name extends string> {
  readonly name: Name;
  readonly run: () => unknown;
}

/**
 * Wall-clock milliseconds of each round, by subject. All subjects have the same number of rounds.
 */
export type Timings<Name extends string> = ReadonlyMap<Name, readonly number[]>;

/**
 * Times subjects in turns: each round runs each subject once, in a rotating order. So when the
 * machine is busy for a while, all subjects are slowed alike. Compare subjects only by `ratioOf`,
 * which pairs the times of one round. The first round is a warm-up and does not count.
 *
 * Ends after `rounds` rounds (in a smoke run after one), or sooner if `budgetMilliseconds` have
 * passed and 3 rounds are done.
 */
export async function interleave<Name extends string>(
  subjects: readonly Subject<Name>[],
  bounds: { readonly rounds: number; readonly budgetMilliseconds: number },
): Promise<Timings<Name>> {
  const timings = new Map(subjects.map(({ name }): [Name, number[]] => [name, []]));
  const begun = performance.now();
  const rounds = isSmoke ? 1 : bounds.rounds;
  for (let round = 0; round <= rounds; round++) {
    if (round > 3 && performance.now() - begun > bounds.budgetMilliseconds) break;
    for (let at = 0; at < subjects.length; at++) {
      const subject = subjects[(at + round) % subjects.length];
      if (subject === undefined) continue;
      const start = performance.now();
      await subject.run();
      const took = performance.now() - start;
      if (round > 0) timings.get(subject.name)?.push(took);
    }
  }
  return timings;
}

/**
 * Returns the middle value. For an even number of values, returns the mean of the two in the
 * middle. NaN if there are no values.
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}

/** Returns the median milliseconds of a subject. */
export function medianOf<Name extends string>(timings: Timings<Name>, name: Name): number {
  return median(timings.get(name) ?? []);
}

/** Returns the median over the rounds of the time of `slow` divided by the time of `fast`. */
export function ratioOf<Name extends string>(
  timings: Timings<Name>,
  pair: { readonly slow: Name; readonly fast: Name },
): number {
  const fast = timings.get(pair.fast) ?? [];
  return median((timings.get(pair.slow) ?? []).map((took, at) => took / (fast[at] ?? Number.NaN)));
}
