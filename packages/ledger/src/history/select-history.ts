import { type BlockHeader, blockDigest, equalBytes, type VerifySigned } from "@aethel/models";
import type { HistoryStart, HistoryStep } from "./history.ts";
import { verifyHistory } from "./verify-history.ts";

/** Choice among several histories from one start. */
export type SelectedHistory =
  /** `at` is its position in the list; undefined when none verifies. */
  | { readonly type: "selected"; readonly at: number | undefined }
  /** Two histories verify and differ: a third of the power or more has signed both. */
  | {
      readonly type: "fork";
      readonly sequence: number;
      readonly between: readonly [number, number];
    };

/**
 * Selects the longest history that verifies, whatever the number of peers that tell it (P12). It
 * never chooses between two that verify and contradict each other: that is left to people.
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
