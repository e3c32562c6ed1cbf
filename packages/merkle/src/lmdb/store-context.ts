import type { Database, RootDatabase } from "lmdb";
import { MerkleError } from "../errors.ts";
import type { Hasher } from "../hashing/hasher.ts";

/** The database of one store, with the environment and the options of the store. */
export interface StoreContext {
  readonly name: string;
  readonly root: RootDatabase;
  readonly database: Database<Uint8Array, Uint8Array>;
  readonly hasher: Hasher;
  /** Number of versions that stay readable, including the newest. */
  readonly keep: number;
}

/**
 * One of two places for entries: one holds the stored tree, and an import writes into the other.
 */
export type Slot = 0 | 1;

export const HEAD_KEY: Uint8Array = Uint8Array.of(0);
/** First byte of the keys of entries, by slot. */
const PAIR = [1, 2] as const;
const UNDO = 3;
export const STAGED_KEY: Uint8Array = Uint8Array.of(4);
/** Key above all keys in use: none begins with this byte or a higher one. */
export const KEYS_END: Uint8Array = Uint8Array.of(5);

/** Greatest number of removals in one transaction. */
const REMOVALS = 10_000;

/** Returns the range of the keys of all entries in a slot. */
export function pairRange(slot: Slot): { readonly start: Uint8Array; readonly end: Uint8Array } {
  return { start: Uint8Array.of(PAIR[slot]), end: Uint8Array.of(PAIR[slot] + 1) };
}

/**
 * Returns the key of the undo record that restores `version`. Keys are in the order of the
 * versions.
 */
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

/** Removes the entries of an unused slot, in transactions of bounded size. */
export function clearSlot({ root, database }: StoreContext, slot: Slot): void {
  const range = { ...pairRange(slot), limit: REMOVALS };
  for (let removed = REMOVALS; removed === REMOVALS; ) {
    root.transactionSync(() => {
      const keys = [...database.getKeys(range)];
      for (const key of keys) database.removeSync(key);
      removed = keys.length;
    });
  }
}

/**
 * Checks that a transaction of the store's environment is open.
 * @throws MerkleError `STORE_TRANSACTION` if none is open.
 */
export function checkTransaction({ name, root }: StoreContext): void {
  try {
    // Throws outside a transaction; lmdb has no other way to ask.
    root.getWriteTxnId();
  } catch (cause) {
    throw new MerkleError({ code: "STORE_TRANSACTION", store: name }, { cause });
  }
}

const REMEDY =
  "stop the node, keep a copy of the directory, then restore it from a backup or delete it and " +
  "synchronize again; if it happens twice, test the disk and the memory";

export function damaged({ name }: StoreContext, reason: string): MerkleError {
  return new MerkleError({ code: "STORE_DAMAGED", store: name, reason, remedy: REMEDY });
}
