/** A stream of numbers that a seed determines, the same on every machine. */
export interface Random {
  /** A whole number in 0 .. bound-1. */
  readonly below: (bound: number) => number;
  /** True in so many of a hundred cases. */
  readonly percent: (share: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  /** A stream of its own, which this one's further use does not move. */
  readonly fork: (label: string) => Random;
}

export function createRandom(seed: string): Random {
  let state = hash(seed);
  // Mulberry32 (Tommy Ettinger, 2017): 32 bits of state, good enough to choose test cases.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (bound: number): number => next() % bound;
  return {
    below,
    percent: (share) => below(100) < share,
    pick: <T>(from: readonly T[]): T => {
      const one = from[below(from.length)];
      if (one === undefined) throw new Error("nothing to pick from");
      return one;
    },
    fork: (label) => createRandom(`${seed}/${label}`),
  };
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  }
  return sum ^ (sum >>> 13);
}
