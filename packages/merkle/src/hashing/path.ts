import { DIGEST_LENGTH } from "../limits.ts";

/** The hashed key of a leaf: its bits, most significant first, lead from the root to it. */
export type Path = Uint8Array;

/** 0 (left) or 1 (right): where the path goes at an inner node of that depth, `0 .. 255`. */
export function bitAt(path: Path, depth: number): 0 | 1 {
  return (((path[depth >>> 3] ?? 0) >>> (7 - (depth & 7))) & 1) as 0 | 1;
}

/** How many leading bits two paths share, `0 .. 256`. */
export function sharedBits(left: Path, right: Path): number {
  for (let at = 0; at < DIGEST_LENGTH; at++) {
    const difference = (left[at] ?? 0) ^ (right[at] ?? 0);
    // clz32 counts over 32 bits, of which a byte is the last 8.
    if (difference !== 0) return at * 8 + Math.clz32(difference) - 24;
  }
  return DIGEST_LENGTH * 8;
}
