/** Pseudo-random numbers that a seed fixes: the same case on every machine. */
export interface RandomSource {
  /** An integer in 0 .. `bound` - 1. */
  readonly below: (bound: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** True in `percent` of 100. */
  readonly chance: (percent: number) => boolean;
  readonly shuffled: <T>(items: readonly T[]) => readonly T[];
}

/** Source of a stream of numbers; streams of different `path`s are unrelated. */
export function createRandom(seed: number, ...path: readonly number[]): RandomSource {
  let state = [seed, ...path].reduce((hash, part) => mix(hash ^ mix(part + 0x9e3779b9)), 1);

  // mulberry32 (Tommy Ettinger): 32 bits of state, enough for cases that are replayed one by one.
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  }

  function below(bound: number): number {
    return Math.floor((next() / 2 ** 32) * bound);
  }

  function pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("pick: nothing to pick from");
    return items[below(items.length)] as T;
  }

  function shuffled<T>(items: readonly T[]): readonly T[] {
    const result = [...items];
    for (let at = result.length - 1; at > 0; at--) {
      const other = below(at + 1);
      const item = result[at] as T;
      result[at] = result[other] as T;
      result[other] = item;
    }
    return result;
  }

  return { below, pick, shuffled, chance: (percent) => below(100) < percent };
}

function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
