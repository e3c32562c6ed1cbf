import { createSimdHasher, type Hasher, nobleHasher } from "@aethel/merkle";

/** One for every version of the state: vectors where this machine has them, else plain JavaScript. */
export const stateHasher: Hasher = createSimdHasher() ?? nobleHasher;
