import type { Change } from "@aethel/merkle";

/** 32 pseudo-random bytes that `at` alone determines; every call gives a new array. */
export function keyOf(at: number): Uint8Array {
  return scatter({ at, seed: 0x9e3779b9, length: 32 });
}

/** 64 bytes; a generation of its own for each rewrite of a key. */
export function valueOf(at: number, generation = 0): Uint8Array {
  return scatter({ at, seed: 0x85ebca6b + generation * 7919, length: 64 });
}

/** Keys `0 .. count-1`, made as they are asked for, so that nothing but the tree keeps them. */
export function* content(count: number): IterableIterator<Change> {
  for (let at = 0; at < count; at++) yield { key: keyOf(at), value: valueOf(at) };
}

/**
 * New values for `count` existing keys, spread over all `of` keys, other ones for each generation.
 */
export function rewrites(options: {
  readonly count: number;
  readonly of: number;
  readonly generation: number;
}): readonly Change[] {
  const { count, of, generation } = options;
  const stride = Math.floor(of / count);
  return Array.from({ length: count }, (_, at) => {
    const which = (at * stride + generation) % of;
    return { key: keyOf(which), value: valueOf(which, generation) };
  });
}

/** Words of a mixed counter: no hash function, so that making content costs next to nothing. */
function scatter(options: {
  readonly at: number;
  readonly seed: number;
  readonly length: number;
}): Uint8Array {
  const { at, seed, length } = options;
  const words = new Uint32Array(length / 4);
  for (let word = 0; word < words.length; word++) {
    let mixed = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(seed + word, 0x85ebca77);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    words[word] = mixed ^ (mixed >>> 15);
  }
  return new Uint8Array(words.buffer);
}
