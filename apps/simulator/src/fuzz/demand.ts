/** What every honest node must do when the faults are over: so many blocks, within this time. */
export const PROGRESS = { blocks: 2, boundMs: 120_000 } as const;
