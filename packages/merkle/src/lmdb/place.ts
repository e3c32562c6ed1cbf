import type { Database, RootDatabase } from "lmdb";
import { MerkleError } from "../errors.ts";
import type { Hasher } from "../hashing/hasher.ts";

/** What the functions of a store share: one named database of the environment. */
export interface Place {
  readonly name: string;
  readonly root: RootDatabase;
  readonly database: Database<Uint8Array, Uint8Array>;
  readonly hasher: Hasher;
  /** How many versions stay readable, the newest included. */
  readonly keep: number;
}

/** One of the two places for pairs: one holds the stored tree, into the other an import goes. */
export type Slot = 0 | 1;

export const HEAD_KEY: Uint8Array = Uint8Array.of(0);
/** First bytes of the keys of pairs, by slot. */
const PAIR = [1, 2] as const;
const UNDO = 3;
export const STAGED_KEY: Uint8Array = Uint8Array.of(4);
/** First byte of no key. */
export const KEYS_END: Uint8Array = Uint8Array.of(5);

/** Removals in one transaction of those that need not be atomic. */
const REMOVALS = 10_000;

/** The keys of all pairs of a slot: none has this first byte alone. */
export function pairRange(slot: Slot): { readonly start: Uint8Array; readonly end: Uint8Array } {
  return { start: Uint8Array.of(PAIR[slot]), end: Uint8Array.of(PAIR[slot] + 1) };
}

/** Key of the record that leads back to `version`; in the order of the versions. */
export function undoKey(version: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = UNDO;
  new DataView(bytes.buffer).setBigUint64(1, BigInt(version));
  return bytes;
}

export const UNDO_RANGE: { readonly start: Uint8Array; readonly end: Uint8Array } = {
  start: Uint8Array.of(UNDO),
  end: Uint8Array.of(UNDO + 1),
};

export function otherSlot(slot: Slot): Slot {
  return slot === 0 ? 1 : 0;
}

/** Removes pairs to which nothing leads, in transactions of bounded size. */
export function clearSlot({ root, database }: Place, slot: Slot): void {
  const range = { ...pairRange(slot), limit: REMOVALS };
  for (let removed = REMOVALS; removed === REMOVALS; ) {
    root.transactionSync(() => {
      const keys = [...database.getKeys(range)];
      for (const key of keys) database.removeSync(key);
      removed = keys.length;
    });
  }
}

/** @throws MerkleError `STORE_TRANSACTION` outside of a transaction of the environment. */
export function checkTransaction({ name, root }: Place): void {
  try {
    // Throws outside of a transaction; lmdb has no other question for it.
    root.getWriteTxnId();
  } catch (cause) {
    throw new MerkleError({ code: "STORE_TRANSACTION", store: name }, { cause });
  }
}

const REMEDY =
  "stop the node, keep a copy of the directory, then restore it from a backup or delete it and " +
  "synchronize again; if it happens twice, test the disk and the memory";

export function damaged({ name }: Place, reason: string): MerkleError {
  return new MerkleError({ code: "STORE_DAMAGED", store: name, reason, remedy: REMEDY });
}
