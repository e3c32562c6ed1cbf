import { createSimdHasher, type Hasher, nobleHasher } from "@aethel/merkle";

let hasher: Hasher | undefined;

/**
 * Returns the hasher for the state tree: SIMD if the machine supports it, otherwise plain
 * JavaScript. The first call creates it, so that commands that need no state do not load it.
 */
export function stateHasher(): Hasher {
  hasher ??= createSimdHasher() ?? nobleHasher;
  return hasher;
}
