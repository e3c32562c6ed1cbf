import { toHex } from "@aethel/models";
import type { Candidate } from "./candidates.ts";

/** Candidates that are not tried now: some never again, some after a pause. */
export interface SetAside {
  /** Never tries a candidate again. */
  forGood(candidate: Candidate): void;
  /** Tries a candidate again after a pause, which doubles each time. */
  forNow(candidate: Candidate): void;
  isTried(candidate: Candidate): boolean;
}

/** Most candidates that are remembered. The oldest is forgotten first. */
const CANDIDATES_MAX = 1_024;
const DOUBLINGS_MAX = 6;

/** Creates the memory of candidates that failed. */
export function createSetAside(options: {
  readonly elapsed: () => number;
  readonly pauseMs: number;
}): SetAside {
  const { elapsed, pauseMs } = options;
  const failed = new Map<string, { readonly until: number; readonly times: number }>();
  const nameOf = ({ sequence, digest }: Candidate): string => `${sequence} ${toHex(digest)}`;
  const write = (candidate: Candidate, waitMs: number, times: number): void => {
    failed.set(nameOf(candidate), { until: elapsed() + waitMs, times });
    const [oldest] = failed.keys();
    if (failed.size > CANDIDATES_MAX && oldest !== undefined) failed.delete(oldest);
  };
  return {
    forGood: (candidate) => write(candidate, Number.POSITIVE_INFINITY, 0),
    forNow(candidate) {
      const times = failed.get(nameOf(candidate))?.times ?? 0;
      write(candidate, pauseMs * 2 ** times, Math.min(DOUBLINGS_MAX, times + 1));
    },
    isTried: (candidate) => elapsed() >= (failed.get(nameOf(candidate))?.until ?? 0),
  };
}
