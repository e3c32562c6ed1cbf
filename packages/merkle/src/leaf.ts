import { type Arena, keyLengthOf, type Ref, valueLengthOf } from "./arena.ts";
import { copyBytes } from "./copy.ts";
import type { Hasher } from "./hasher.ts";
import type { Path } from "./path.ts";

/** A copy of a leaf's key. */
export function keyOf(arena: Arena, leaf: Ref): Uint8Array {
  const { bytes, at } = arena.bodyOf(leaf);
  return copyBytes(bytes, at, at + keyLengthOf(arena.lengthsOf(leaf)));
}

/** A copy of a leaf's value. */
export function valueOf(arena: Arena, leaf: Ref): Uint8Array {
  const lengths = arena.lengthsOf(leaf);
  const { bytes, at } = arena.bodyOf(leaf);
  const from = at + keyLengthOf(lengths);
  return copyBytes(bytes, from, from + valueLengthOf(lengths));
}

/** Whether a leaf has that key. */
export function hasKey(arena: Arena, leaf: Ref, key: Uint8Array): boolean {
  if (keyLengthOf(arena.lengthsOf(leaf)) !== key.length) return false;
  const { bytes, at } = arena.bodyOf(leaf);
  for (let byte = 0; byte < key.length; byte++) if (bytes[at + byte] !== key[byte]) return false;
  return true;
}

/** A leaf's hashed key: the cell has it only until the leaf is hashed. */
export function pathOf(arena: Arena, leaf: Ref, hasher: Hasher): Path {
  if (arena.isHashed(leaf)) return hasher.digest(keyOf(arena, leaf));
  return digestAt(arena, leaf);
}

/** A copy of the digest that a cell has; of a leaf that is not hashed, of its path. */
export function digestAt(arena: Arena, ref: Ref): Uint8Array {
  const words = new Int32Array(8);
  arena.readDigest(ref, words, 0);
  return new Uint8Array(words.buffer);
}
