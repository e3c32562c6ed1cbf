import type { Sequence } from "@aethel/models";

/** Wrong blocks of a sequence that are hashed before no more are looked at, by kind of account. */
const OWN_MAX = 1;
const SHARED_MAX = 8;

/**
 * Sender of a block of a sequence. Shared: several senders have it, and one must not speak for all.
 */
export interface BlockAccount {
  readonly name: string;
  readonly isShared: boolean;
  readonly sequence: Sequence;
}

/** Wrong blocks of late: hashing one costs as much as a right one, and brings nobody further. */
export interface SpoiltBlocks {
  /** Whether blocks of this account are left out, and got by digest where they are needed. */
  isFull(account: BlockAccount): boolean;
  add(account: BlockAccount): void;
}

/** None so far. Those of sequences that are over are forgotten. */
export function createSpoiltBlocks(): SpoiltBlocks {
  const counts = new Map<string, { readonly sequence: Sequence; readonly count: number }>();
  const keyOf = ({ name, sequence }: BlockAccount): string => `${name}/${sequence}`;
  return {
    isFull(account) {
      const count = counts.get(keyOf(account))?.count ?? 0;
      return count >= (account.isShared ? SHARED_MAX : OWN_MAX);
    },
    add(account) {
      const { sequence } = account;
      for (const [key, known] of counts) if (known.sequence < sequence - 1) counts.delete(key);
      const count = counts.get(keyOf(account))?.count ?? 0;
      counts.set(keyOf(account), { sequence, count: count + 1 });
    },
  };
}
