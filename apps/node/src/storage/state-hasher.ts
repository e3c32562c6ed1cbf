import { createSimdHasher, type Hasher, nobleHasher } from "@aethel/merkle";

let hasher: Hasher | undefined;

/**
 * Returns the hasher for the state tree: SIMD if the machine has it, otherwise plain JavaScript. It
 * is created at the first call, so that commands without a state do not load it.
 */
export function stateHasher(): Hasher {
  hasher ??= createSimdHasher() ?? nobleHasher;
  return hasher;
}
