import { assert, type Root, toHex, toRoot } from "@aethel/models";
import { createByteReader } from "../bytes/byte-reader.ts";
import { numberBytes } from "../bytes/byte-writer.ts";
import { copyBytes } from "../bytes/copy.ts";
import { MerkleError } from "../errors.ts";
import { isKeyLength, isValueLength } from "../limits.ts";
import type { Change } from "../tree/tree.ts";
import type { Head } from "./head.ts";
import { readValue } from "./pair.ts";
import { seal, unseal } from "./sealed.ts";
import { damaged, type StoreContext, UNDO_RANGE, undoKey } from "./store-context.ts";

/** Changes that turn one version back into the one before. */
export interface Undo {
  /** Version of the tree to which the changes are applied. */
  readonly from: number;
  /** Version of the tree that the changes restore. */
  readonly to: number;
  readonly root: Root;
  readonly changes: readonly Change[];
}

const FORMAT = 1;

/**
 * Encodes an undo record: format (1 byte), from (8, big-endian), to (8), root (32), number of
 * changes (4); for each change the length of the key (2), the length of the value (3, 0 for none),
 * key and value; hash.
 */
export function encodeUndo({ from, to, root, changes }: Undo): Uint8Array {
  const parts: Uint8Array[] = [
    Uint8Array.of(FORMAT),
    numberBytes(from, 8),
    numberBytes(to, 8),
    root,
    numberBytes(changes.length, 4),
  ];
  for (const { key, value } of changes) {
    parts.push(numberBytes(key.length, 2), numberBytes(value?.length ?? 0, 3), key);
    if (value !== undefined) parts.push(value);
  }
  return seal(parts);
}

/** Decodes an undo record, or returns what is wrong with the bytes. */
export function decodeUndo(sealed: Uint8Array): Undo | string {
  const bytes = unseal(sealed);
  if (bytes === undefined) return "it does not have the hash that was stored with it";
  if (bytes[0] !== FORMAT) return `it has format ${bytes[0]}, known is ${FORMAT}`;
  const reader = createByteReader(bytes.subarray(1));
  try {
    const from = reader.number("from", 8);
    const to = reader.number("to", 8);
    const root = toRoot(reader.bytes("root", 32));
    const changes: Change[] = [];
    for (let left = reader.number("changes", 4); left > 0; left--) {
      const keyLength = reader.number("key", 2);
      const valueLength = reader.number("value", 3);
      if (!isKeyLength(keyLength)) return `a key has ${keyLength} bytes`;
      if (valueLength !== 0 && !isValueLength(valueLength)) return `a value has ${valueLength}`;
      const key = reader.bytes("key", keyLength);
      const value = valueLength === 0 ? undefined : reader.bytes("value", valueLength);
      changes.push({ key, value });
    }
    if (!reader.isAtEnd()) return "bytes follow its end";
    return { from, to, root, changes };
  } catch (error) {
    if (error instanceof MerkleError) return error.message;
    throw error;
  }
}

/**
 * Returns the changes that undo the given ones, by reading the stored values before they change.
 * @throws MerkleError `STORE_DAMAGED`.
 */
export function undoOf(
  store: StoreContext,
  head: Head,
  changes: readonly Change[],
): readonly Change[] {
  const seen = new Set<string>();
  const before: Change[] = [];
  for (const { key } of changes) {
    const name = toHex(key);
    if (seen.has(name)) continue;
    seen.add(name);
    before.push({ key: copyBytes(key), value: readValue(store, head.slot, key) });
  }
  return before;
}

export function writeUndo({ database }: StoreContext, undo: Undo): void {
  assert(undo.to < undo.from, "an undo record leads to an older version");
  database.putSync(undoKey(undo.to), encodeUndo(undo));
}

/** Lists the older versions that are kept, newest first, from the keys of the undo records. */
export function keptVersions(store: StoreContext): readonly number[] {
  return undoKeys(store)
    .map((key) => versionIn(store, key))
    .reverse();
}

/**
 * Iterates over the undo records, newest first, and checks that they form a chain.
 * @throws MerkleError `STORE_DAMAGED` at a gap, and at an end before the oldest version.
 */
export function* readUndos(store: StoreContext, { version, oldest }: Head): IterableIterator<Undo> {
  let from = version;
  for (const key of undoKeys(store).toReversed()) {
    const undo = decodeUndo(store.database.get(key) ?? key);
    const name = `the undo record ${toHex(key)}`;
    if (typeof undo === "string") throw damaged(store, `${name}: ${undo}`);
    if (toHex(undoKey(undo.to)) !== toHex(key))
      throw damaged(store, `${name} restores version ${undo.to}`);
    if (undo.from !== from) throw damaged(store, `${name} undoes ${undo.from} instead of ${from}`);
    from = undo.to;
    yield undo;
  }
  if (from !== oldest)
    throw damaged(store, `the undo records end at version ${from} instead of ${oldest}`);
}

/** Removes the oldest undo records until `keep` versions are left. Returns the oldest of these. */
export function pruneUndos(store: StoreContext, version: number, keep: number): number {
  const keys = undoKeys(store);
  const removed = keys.slice(0, Math.max(keys.length - (keep - 1), 0));
  for (const key of removed) store.database.removeSync(key);
  const oldest = keys[removed.length];
  return oldest === undefined ? version : versionIn(store, oldest);
}

function undoKeys({ database }: StoreContext): readonly Uint8Array[] {
  return [...database.getKeys(UNDO_RANGE)].map((key) => copyBytes(key));
}

function versionIn(store: StoreContext, key: Uint8Array): number {
  const version = createByteReader(key.subarray(1)).number("version", 8);
  if (toHex(undoKey(version)) === toHex(key)) return version;
  throw damaged(store, `there is a record under the unknown key ${toHex(key)}`);
}
