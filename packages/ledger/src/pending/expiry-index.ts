import type { Sequence } from "@aethel/models";
import { createHeap } from "../collections/heap.ts";
import type { PendingProof } from "./pending.ts";

/** Index of proofs by expiry. */
export interface ExpiryIndex {
  /** Adds a proof. A proof that leaves the mempool need not be removed. */
  note(pending: PendingProof): void;
  /**
   * Removes and returns the proofs that expired before `sequence`. No block with that or a higher
   * sequence can include them.
   */
  expiredAt(sequence: Sequence): readonly PendingProof[];
}

/**
 * Creates an empty index; `waiting` returns the number of proofs in the mempool. Entries of proofs
 * that have left the mempool are dropped when they are found, or all at once when there are too
 * many.
 */
export function createExpiryIndex(waiting: () => number): ExpiryIndex {
  let byExpiry = new Map<number, PendingProof[]>();
  // Each last sequence once.
  let soonest = createHeap<number>((left, right) => left < right);
  let noted = 0;
  const put = (pending: PendingProof): void => {
    const { expiry } = pending.proof.body;
    const known = byExpiry.get(expiry);
    noted += 1;
    if (known !== undefined) {
      known.push(pending);
      return;
    }
    byExpiry.set(expiry, [pending]);
    soonest.push(expiry);
  };
  const compact = (): void => {
    const before = byExpiry;
    byExpiry = new Map();
    soonest = createHeap<number>((left, right) => left < right);
    noted = 0;
    for (const some of before.values()) {
      for (const pending of some) if (!pending.isGone) put(pending);
    }
  };
  return {
    note: (pending) => {
      put(pending);
      if (noted > 2 * waiting() + 1_024) compact();
    },
    expiredAt: (sequence) => {
      const expired: PendingProof[] = [];
      for (
        let next = soonest.peek();
        next !== undefined && next < sequence;
        next = soonest.peek()
      ) {
        soonest.pop();
        const some = byExpiry.get(next) ?? [];
        byExpiry.delete(next);
        noted -= some.length;
        for (const pending of some) if (!pending.isGone) expired.push(pending);
      }
      return expired;
    },
  };
}
