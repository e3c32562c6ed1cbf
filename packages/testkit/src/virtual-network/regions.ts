/** Regions in which a node can be, in the order of the rows of `ONE_WAY_MS`. */
export const REGIONS = [
  "frankfurt",
  "virginia",
  "oregon",
  "sao-paulo",
  "singapore",
  "sydney",
] as const;
/** Name of a region, one of `REGIONS`. */
export type Region = (typeof REGIONS)[number];

/**
 * One-way delays in milliseconds from each region (row) to each region (column). They are half of
 * the round trips in public tables of cloud providers, rounded. They differ a little by direction,
 * because routes do.
 */
const ONE_WAY_MS: readonly (readonly number[])[] = [
  [1, 45, 72, 101, 79, 124],
  [44, 1, 33, 57, 108, 99],
  [71, 32, 1, 88, 82, 70],
  [102, 58, 89, 1, 163, 157],
  [78, 110, 81, 162, 1, 46],
  [125, 98, 69, 156, 47, 1],
];

/** Returns the least delay of a message from one region to another in milliseconds. */
export function regionDelayMs(from: Region, to: Region): number {
  return ONE_WAY_MS[REGIONS.indexOf(from)]?.[REGIONS.indexOf(to)] ?? 0;
}

/** Returns whether a text names a region. */
export function isRegion(name: string): name is Region {
  return REGIONS.some((region) => region === name);
}
