import { createHeap } from "../collections/heap.ts";
import type { PendingProof } from "./pending.ts";

/** Finds the runnable proofs of a lane that a higher base fee leaves behind. */
export interface BaseFeeIndex {
  /** Every proof that becomes runnable is noted; that it no longer is need not be said. */
  note(pending: PendingProof): void;
  /** Those whose fee limit does not suffice at a base fee. Each is said once. */
  under(baseFee: number): readonly PendingProof[];
}

/**
 * An empty index; entries that are no longer true are dropped when they are met. A proof has one
 * entry, however often it runs and waits again: else what is true could be more than runs, and
 * dropping the rest would look at all of it each time.
 */
export function createBaseFeeIndex(runnable: () => number): BaseFeeIndex {
  const least = createHeap<PendingProof>(
    (left, right) => left.offer.baseFeeMax < right.offer.baseFeeMax,
  );
  const isTrue = ({ isGone, place }: PendingProof): boolean => !isGone && place === "runnable";
  const retain = (pending: PendingProof): boolean => {
    if (!isTrue(pending)) pending.isInBaseFeeIndex = false;
    return pending.isInBaseFeeIndex;
  };
  return {
    note: (pending) => {
      if (pending.isInBaseFeeIndex) return;
      pending.isInBaseFeeIndex = true;
      least.push(pending);
      if (least.size > 2 * runnable() + 1_024) least.retain(retain);
    },
    under: (baseFee) => {
      const found: PendingProof[] = [];
      for (let top = least.peek(); top !== undefined; top = least.peek()) {
        if (top.offer.baseFeeMax >= baseFee) break;
        least.pop();
        top.isInBaseFeeIndex = false;
        if (isTrue(top)) found.push(top);
      }
      return found;
    },
  };
}
