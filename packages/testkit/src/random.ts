import { assert, sha256 } from "@aethel/models";

/** A stream of random numbers. Its seed determines all of them, on every machine. */
export interface Random {
  /** Draws a number, uniform in `0 .. 2^32-1`. */
  next(): number;
  /** Draws a number, uniform in `0 .. bound-1`. `bound` is an integer from 1 to 2^32. */
  below(bound: number): number;
  /** Draws true with this probability. The probability is exact to 2^-32. */
  chance(rate: number): boolean;
  /** Draws one of the items, each with the same probability. */
  pick<T>(items: readonly T[]): T;
  /** Draws an order of the items, each order with the same probability. */
  shuffle<T>(items: readonly T[]): readonly T[];
  /** Returns another stream. It depends only on the seed and the label, not on earlier draws. */
  fork(label: string): Random;
}

const RANGE = 2 ** 32;

/**
 * Creates a stream: xoshiro128** 1.1 (Blackman, Vigna 2018), with a state from the SHA-256 of the
 * seed.
 */
export function createRandom(seed: number | string): Random {
  const name = String(seed);
  const state = seedState(name);
  const next = (): number => advance(state);
  const below = (bound: number): number => {
    assert(Number.isInteger(bound) && bound >= 1 && bound <= RANGE, "a bound is in 1 .. 2^32");
    // Numbers of the incomplete last stretch are rejected: else the low ones would be likelier.
    const limit = RANGE - (RANGE % bound);
    let drawn = next();
    while (drawn >= limit) drawn = next();
    return drawn % bound;
  };
  const shuffle = <T>(items: readonly T[]): readonly T[] => {
    const left = [...items];
    return items.flatMap(() => left.splice(below(left.length), 1));
  };
  return {
    next,
    below,
    chance: (rate) => next() < rate * RANGE,
    pick: (items) => {
      const at = below(items.length);
      const [item] = items.slice(at, at + 1);
      assert(item !== undefined, "there is something to pick");
      return item;
    },
    shuffle,
    fork: (label) => createRandom(`${name}/${label}`),
  };
}

function seedState(name: string): Uint32Array {
  const bytes = sha256(new TextEncoder().encode(`aethel/testkit/random/${name}`));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // All zero is the one state that xoshiro never leaves; a hash is not all zero.
  return Uint32Array.from([0, 4, 8, 12], (offset) => view.getUint32(offset));
}

function advance(state: Uint32Array): number {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = state;
  const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
  const [t2, t3] = [s2 ^ s0, s3 ^ s1];
  state[0] = s0 ^ t3;
  state[1] = s1 ^ t2;
  state[2] = t2 ^ (s1 << 9);
  state[3] = rotate(t3, 11);
  return result;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
