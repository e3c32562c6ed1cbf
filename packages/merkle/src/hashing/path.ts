import { DIGEST_LENGTH } from "../limits.ts";

/** SHA-256 of a key. Its bits, most significant first, lead from the root to the key's leaf. */
export type Path = Uint8Array;

/**
 * Returns the side on which a path goes on below an inner node at `depth` (`0 .. 255`): 0 is left,
 * 1 is right.
 */
export function bitAt(path: Path, depth: number): 0 | 1 {
  return (((path[depth >>> 3] ?? 0) >>> (7 - (depth & 7))) & 1) === 0 ? 0 : 1;
}

/** Returns the number of leading bits that two paths share, `0 .. 256`. */
export function sharedBits(left: Path, right: Path): number {
  for (let at = 0; at < DIGEST_LENGTH; at++) {
    const difference = (left[at] ?? 0) ^ (right[at] ?? 0);
    // clz32 counts over 32 bits, of which a byte is the last 8.
    if (difference !== 0) return at * 8 + Math.clz32(difference) - 24;
  }
  return DIGEST_LENGTH * 8;
}
