/** Progress that every honest node must make after the faults: blocks within a virtual time. */
export const PROGRESS = { blocks: 2, boundMs: 120_000 } as const;
