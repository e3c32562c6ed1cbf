import type { RefusalReason } from "../events.ts";

/**
 * Whether a refusal is for something that no honest peer does, so that repeating it lengthens the
 * ban. A peer of another chain or version, or one that found no free place, may come back soon.
 */
export function isOffence(reason: RefusalReason): boolean {
  switch (reason) {
    case "misbehaving":
    case "bad-signature":
    case "height-decreased":
      return true;
    default:
      return false;
  }
}
