import { equalBytes, toHex } from "@aethel/models";
import { joinBytes, numberBytes } from "../bytes/byte-writer.ts";
import { copyBytes } from "../bytes/copy.ts";
import { isKeyLength, isValueLength } from "../limits.ts";
import type { Entry } from "../tree/tree.ts";
import { damaged, type Place, pairRange, type Slot } from "./place.ts";

/** The key of a record: its kind, which is its slot, and the hashed key of the pair. */
const RECORD_KEY_LENGTH = 33;
/** Bytes of a key's length. */
const HEADER = 2;

/**
 * Pairs are stored in the order of their hashed keys, the order of snapshots and of the tree: so an
 * import writes page after page, and what is read is sorted already.
 */
export function writePair(place: Place, slot: Slot, { key, value }: Entry): void {
  const record = joinBytes([numberBytes(key.length, HEADER), key, value]);
  place.database.putSync(recordKey(place, slot, key), record);
}

export function removePair(place: Place, slot: Slot, key: Uint8Array): void {
  place.database.removeSync(recordKey(place, slot, key));
}

/** @throws MerkleError `STORE_DAMAGED` where another pair has the place of this key. */
export function readValue(place: Place, slot: Slot, key: Uint8Array): Uint8Array | undefined {
  const at = recordKey(place, slot, key);
  const record = place.database.get(at);
  if (record === undefined) return undefined;
  const pair = decodePair(place, at, record);
  if (!equalBytes(pair.key, key)) throw damaged(place, `another key has the place ${toHex(at)}`);
  return pair.value;
}

/**
 * All pairs of a slot, in the order of their hashed keys as they were stored. That these are the
 * keys' own is not checked: a pair in a wrong place shows in the root as soon as it matters.
 *
 * @throws MerkleError `STORE_DAMAGED` at a record that is no pair.
 */
export function* readPairs(place: Place, slot: Slot): IterableIterator<Entry> {
  for (const { key, value } of place.database.getRange(pairRange(slot))) {
    if (key.length !== RECORD_KEY_LENGTH) {
      throw damaged(place, `there is a record under the unknown key ${toHex(key)}`);
    }
    yield decodePair(place, key, value);
  }
}

function decodePair(place: Place, at: Uint8Array, record: Uint8Array): Entry {
  const keyLength = ((record[0] ?? 0) << 8) | (record[1] ?? 0);
  const valueLength = record.length - HEADER - keyLength;
  if (!isKeyLength(keyLength) || !isValueLength(valueLength)) {
    throw damaged(place, `the record ${toHex(at)} has a key or a value of no legal length`);
  }
  const valueAt = HEADER + keyLength;
  return { key: copyBytes(record, HEADER, valueAt), value: copyBytes(record, valueAt) };
}

function recordKey({ hasher }: Place, slot: Slot, key: Uint8Array): Uint8Array {
  return joinBytes([pairRange(slot).start, hasher.digest(key)]);
}
