import { type BlockHeader, blockDigest, equalBytes, type VerifySigned } from "@aethel/models";
import type { HistoryStart, HistoryStep } from "./history.ts";
import { verifyHistory } from "./verify-history.ts";

/** Result of choosing among several histories of a chain with the same start. */
export type SelectedHistory =
  /** `at`: index of the selected history; undefined if none is valid. */
  | { readonly type: "selected"; readonly at: number | undefined }
  /**
   * Two valid histories contradict each other from `sequence` on, so validators with at least a
   * third of the power have signed both. `between`: indices of the two histories.
   */
  | {
      readonly type: "fork";
      readonly sequence: number;
      readonly between: readonly [number, number];
    };

/**
 * Selects the longest valid history, no matter how many peers sent it (P12). If two valid histories
 * contradict each other, it selects neither and reports a fork, and a person must decide.
 */
export function selectHistory(
  start: HistoryStart,
  histories: readonly (readonly HistoryStep[])[],
  verify?: VerifySigned,
): SelectedHistory {
  const sound = histories.flatMap((steps, at) =>
    verifyHistory(start, steps, verify).ok ? [{ at, steps }] : [],
  );
  const [first, ...others] = sound.toSorted(
    (left, right) => right.steps.length - left.steps.length,
  );
  if (first === undefined) return { type: "selected", at: undefined };
  for (const other of others) {
    const split = other.steps.findIndex(
      ({ header }, at) => !sameHeader(header, first.steps[at]?.header),
    );
    const sequence = other.steps[split]?.header.sequence;
    if (sequence !== undefined) return { type: "fork", sequence, between: [first.at, other.at] };
  }
  return { type: "selected", at: first.at };
}

function sameHeader(left: BlockHeader, right: BlockHeader | undefined): boolean {
  return right !== undefined && equalBytes(blockDigest(left), blockDigest(right));
}
