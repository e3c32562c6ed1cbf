import type { Sequence } from "@aethel/models";
import { createHeap } from "./heap.ts";
import type { PendingProof } from "./pending.ts";

/** Finds the proofs whose time is over without looking at the others. */
export interface ExpiryIndex {
  add(pending: PendingProof): void;
  remove(pending: PendingProof): void;
  /** Those that can no longer enter a block at `sequence`. They stay until they are removed. */
  expiredAt(sequence: Sequence): readonly PendingProof[];
}

/** An empty index. */
export function createExpiryIndex(): ExpiryIndex {
  const byExpiry = new Map<number, Set<PendingProof>>();
  // Each last sequence once; of those that emptied, the heap finds out late.
  let soonest = createHeap<number>((left, right) => left < right);
  const compact = (): void => {
    soonest = createHeap<number>((left, right) => left < right);
    for (const expiry of byExpiry.keys()) soonest.push(expiry);
  };
  return {
    add: (pending) => {
      const { expiry } = pending.proof.body;
      const known = byExpiry.get(expiry);
      if (known !== undefined) {
        known.add(pending);
        return;
      }
      byExpiry.set(expiry, new Set([pending]));
      soonest.push(expiry);
      if (soonest.size > 2 * byExpiry.size + 1_024) compact();
    },
    remove: (pending) => {
      const { expiry } = pending.proof.body;
      const known = byExpiry.get(expiry);
      known?.delete(pending);
      if (known?.size === 0) byExpiry.delete(expiry);
    },
    expiredAt: (sequence) => {
      const expired: PendingProof[] = [];
      for (
        let next = soonest.peek();
        next !== undefined && next < sequence;
        next = soonest.peek()
      ) {
        soonest.pop();
        expired.push(...(byExpiry.get(next) ?? []));
      }
      return expired;
    },
  };
}
