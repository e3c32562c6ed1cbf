import type { Sequence } from "@aethel/models";

/** Wrong blocks of a sequence that are hashed for an account of one sender. */
const OWN_MAX = 1;
/** The same for a shared account, where a block counts once for each thousand names begun. */
const SHARED_MAX = 8;
const NAMES_FOR_ONE = 1_024;

/**
 * Account to which wrong blocks of a sequence count. A shared one stands for several senders; one
 * of them should not use it up for all, but thousands of names are not hashed for each.
 */
export interface BlockAccount {
  readonly name: string;
  readonly isShared: boolean;
  readonly sequence: Sequence;
}

/**
 * Counts of recent wrong blocks. Hashing one costs as much as hashing a right one, and is of no
 * use.
 */
export interface SpoiltBlocks {
  /**
   * Whether further blocks of this account are left out, and fetched by digest where they are
   * needed.
   */
  isFull(account: BlockAccount): boolean;
  /** Counts a wrong block, with the items and annex entries that were hashed of it. */
  add(account: BlockAccount, names: number): void;
}

/** Creates empty counts. Those of sequences that are over are forgotten. */
export function createSpoiltBlocks(): SpoiltBlocks {
  const counts = new Map<string, { readonly sequence: Sequence; readonly count: number }>();
  const keyOf = ({ name, sequence }: BlockAccount): string => `${name}/${sequence}`;
  return {
    isFull(account) {
      const count = counts.get(keyOf(account))?.count ?? 0;
      return count >= (account.isShared ? SHARED_MAX : OWN_MAX);
    },
    add(account, names) {
      const { sequence } = account;
      const weight = Math.max(1, Math.ceil(names / NAMES_FOR_ONE));
      for (const [key, known] of counts) if (known.sequence < sequence - 1) counts.delete(key);
      const count = counts.get(keyOf(account))?.count ?? 0;
      counts.set(keyOf(account), { sequence, count: count + weight });
    },
  };
}
