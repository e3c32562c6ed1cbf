import type { Sequence } from "@aethel/models";

/** Most wrong blocks of a sequence that are hashed for an account of one sender. */
const OWN_MAX = 1;
/**
 * Most wrong blocks of a sequence that are hashed for a shared account. A block counts once for
 * each 1,024 hashed names, rounded up.
 */
const SHARED_MAX = 8;
const NAMES_FOR_ONE = 1_024;

/**
 * Account to which wrong blocks of a sequence count. A shared account stands for several senders.
 * Its limit is higher, so that one sender alone does not use it up, but large blocks count several
 * times.
 */
export interface BlockAccount {
  readonly name: string;
  readonly isShared: boolean;
  readonly sequence: Sequence;
}

/**
 * Counts of recent wrong blocks. They are bounded because hashing a wrong block costs as much as
 * hashing a right one.
 */
export interface SpoiltBlocks {
  /**
   * Whether an account has reached its limit. Further blocks that count to it are then not hashed.
   * If such a block is needed, it is fetched by its digest.
   */
  isFull(account: BlockAccount): boolean;
  /** Counts a wrong block. `names`: number of its items and annex entries that were hashed. */
  add(account: BlockAccount, names: number): void;
}

/**
 * Creates a counter of wrong blocks for each account, with no blocks counted. Counts of past
 * sequences are forgotten.
 */
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
