import type { PendingProof } from "./pending.ts";

/**
 * Index of waiting proofs by the sequence of the next block at the time when they began to wait.
 */
export interface Patience {
  /** Adds a proof that begins to wait. A proof that stops waiting need not be removed. */
  note(pending: PendingProof): void;
  /** Removes and returns the proofs that still wait and began to wait at `sequence` or before. */
  since(sequence: number): readonly PendingProof[];
}

/**
 * Creates an empty index; `waiting` returns the number of waiting proofs. Entries arrive in the
 * order of time, so no sorting is needed.
 */
export function createPatience(waiting: () => number): Patience {
  let entries: { readonly pending: PendingProof; readonly serial: number }[] = [];
  let first = 0;
  const isTrue = ({ pending, serial }: { pending: PendingProof; serial: number }): boolean =>
    !pending.isGone && pending.place === "waiting" && pending.waitingSerial === serial;
  return {
    note: (pending) => {
      entries.push({ pending, serial: pending.waitingSerial });
      if (entries.length - first <= 2 * waiting() + 1_024) return;
      entries = entries.slice(first).filter(isTrue);
      first = 0;
    },
    since: (sequence) => {
      const found: PendingProof[] = [];
      for (; first < entries.length; first++) {
        const entry = entries[first];
        if (entry === undefined) continue;
        if (isTrue(entry)) {
          if (entry.pending.waitingSince > sequence) break;
          found.push(entry.pending);
        }
      }
      if (2 * first > entries.length) {
        entries = entries.slice(first);
        first = 0;
      }
      return found;
    },
  };
}
