/**
 * Progress that every honest node must make after the faults: final blocks, within virtual
 * milliseconds.
 */
export const PROGRESS = { blocks: 2, boundMs: 120_000 } as const;
