import { equalBytes, toHex } from "@aethel/models";
import { joinBytes } from "../bytes/byte-writer.ts";
import { copyBytes } from "../bytes/copy.ts";
import { digestMany } from "../hashing/digest-many.ts";
import { toBytes } from "../hashing/digest-words.ts";
import { isKeyLength, isValueLength } from "../limits.ts";
import type { Entry } from "../tree/tree.ts";
import { damaged, pairRange, type Slot, type StoreContext } from "./store-context.ts";

/** Length of a record's key in bytes: the slot (1 byte) and the hashed key of the entry (32). */
const RECORD_KEY_LENGTH = 33;
/** Number of bytes at the start of a record that hold the length of the entry's key. */
const HEADER = 2;

const ZERO = new Uint8Array(1);

/** Part of the entries of a slot. */
export interface PairPage {
  /** Path after which the part begins. Undefined: at the first entry. */
  readonly after?: Uint8Array | undefined;
  readonly limit?: number;
}

/**
 * Writes an entry. Entries are stored in the order of their hashed keys, which is that of snapshots
 * and of the tree. So an import writes pages one after another, and reading gives entries in order.
 */
export function writePair(store: StoreContext, slot: Slot, { key, value }: Entry): void {
  store.database.putSync(recordKey(store, slot, key), encodePair(key, value));
}

/** Writes many entries. Their keys are hashed in a batch. */
export function writePairs(store: StoreContext, slot: Slot, entries: readonly Entry[]): void {
  const { database, hasher } = store;
  const paths = digestMany({ messages: entries.map(({ key }) => key), hasher });
  const at = new Uint8Array(RECORD_KEY_LENGTH);
  at.set(pairRange(slot).start);
  for (const [index, { key, value }] of entries.entries()) {
    at.set(toBytes(paths, index * 8), 1);
    database.putSync(at, encodePair(key, value));
  }
}

function encodePair(key: Uint8Array, value: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEADER + key.length + value.length);
  record[0] = key.length >>> 8;
  record[1] = key.length & 0xff;
  record.set(key, HEADER);
  record.set(value, HEADER + key.length);
  return record;
}

export function removePair(store: StoreContext, slot: Slot, key: Uint8Array): void {
  store.database.removeSync(recordKey(store, slot, key));
}

/**
 * Reads the value of a key. Undefined if it is absent.
 * @throws MerkleError `STORE_DAMAGED` if the record holds the entry of another key.
 */
export function readValue(
  store: StoreContext,
  slot: Slot,
  key: Uint8Array,
): Uint8Array | undefined {
  const at = recordKey(store, slot, key);
  const record = store.database.get(at);
  if (record === undefined) return undefined;
  const pair = decodePair(store, at, record);
  if (!equalBytes(pair.key, key)) throw damaged(store, `the record ${toHex(at)} holds another key`);
  return pair.value;
}

/**
 * Iterates over the entries of a slot in stored order, optionally only over the next `limit` ones
 * after a path. Does not check that an entry's hashed key is
 * right: if a wrong one changes the content, it also changes the root.
 *
 * @throws MerkleError `STORE_DAMAGED` at a record that is no entry.
 */
export function* readPairs(
  store: StoreContext,
  slot: Slot,
  { after, limit = Number.POSITIVE_INFINITY }: PairPage = {},
): IterableIterator<Entry> {
  const range = pairRange(slot);
  // A zero byte more: the first key above the one of the path.
  const start = after === undefined ? range.start : joinBytes([range.start, after, ZERO]);
  const bounds = limit === Number.POSITIVE_INFINITY ? {} : { limit };
  for (const { key, value } of store.database.getRange({ ...range, start, ...bounds })) {
    if (key.length !== RECORD_KEY_LENGTH) {
      throw damaged(store, `there is a record under the unknown key ${toHex(key)}`);
    }
    yield decodePair(store, key, value);
  }
}

function decodePair(store: StoreContext, at: Uint8Array, record: Uint8Array): Entry {
  const keyLength = ((record[0] ?? 0) << 8) | (record[1] ?? 0);
  const valueLength = record.length - HEADER - keyLength;
  if (!isKeyLength(keyLength) || !isValueLength(valueLength)) {
    throw damaged(store, `the record ${toHex(at)} has a key or a value of illegal length`);
  }
  const valueAt = HEADER + keyLength;
  return { key: copyBytes(record, HEADER, valueAt), value: copyBytes(record, valueAt) };
}

function recordKey({ hasher }: StoreContext, slot: Slot, key: Uint8Array): Uint8Array {
  return joinBytes([pairRange(slot).start, hasher.digest(key)]);
}
