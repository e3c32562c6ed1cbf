import { createSimdHasher, type Hasher, nobleHasher } from "@aethel/merkle";

let hasher: Hasher | undefined;

/**
 * One for every version of the state: vectors where this machine has them, else plain JavaScript.
 * Made when first asked for: commands that open no state do not wait for its module.
 */
export function stateHasher(): Hasher {
  hasher ??= createSimdHasher() ?? nobleHasher;
  return hasher;
}
