import type { PendingProof } from "./pending.ts";

/** Finds the proofs that have waited too long, without looking at the others. */
export interface Patience {
  /** Every proof that begins to wait is noted; that it stopped need not be said. */
  note(pending: PendingProof): void;
  /** Those that still wait and began at `sequence` or before. */
  since(sequence: number): readonly PendingProof[];
}

/** Nothing waits. Entries are in the order of time, since that is how they come. */
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
