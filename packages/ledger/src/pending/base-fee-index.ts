import { createHeap } from "../collections/heap.ts";
import type { PendingProof } from "./pending.ts";

/** Index of the runnable proofs of a lane by the highest base fee that they can pay. */
export interface BaseFeeIndex {
  /** Adds a proof that became runnable. A proof that stops being runnable need not be removed. */
  note(pending: PendingProof): void;
  /** Removes and returns the runnable proofs whose fee limit is too low at a base fee. */
  under(baseFee: number): readonly PendingProof[];
}

/**
 * Creates an empty index; `runnable` returns the number of runnable proofs of the lane. An entry is
 * stale after its proof stops being runnable. Stale entries are dropped when they are found, or all
 * at once when there are too many. A proof has at most one entry, however often it becomes
 * runnable. Otherwise valid entries could outnumber the runnable proofs, and the removal of stale
 * entries would start again and again.
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
