import type { Attack } from "../src/index.ts";

/**
 * The worst that `npm run sim -- worst` has found so far, each on the engine of its time; all must
 * leave the floor now.
 */
export const WORST_ATTACKS: Readonly<Record<string, Attack>> = {};
