import { assert, type Root, toHex, toRoot } from "@aethel/models";
import { createByteReader } from "../bytes/byte-reader.ts";
import { numberBytes } from "../bytes/byte-writer.ts";
import { copyBytes } from "../bytes/copy.ts";
import { MerkleError } from "../errors.ts";
import { isKeyLength, isValueLength } from "../limits.ts";
import type { Change } from "../tree/tree.ts";
import type { Head } from "./head.ts";
import { readValue } from "./pair.ts";
import { damaged, type Place, UNDO_RANGE, undoKey } from "./place.ts";
import { seal, unseal } from "./sealed.ts";

/** What leads from one version back to the one before it. */
export interface Undo {
  /** The version that it undoes. */
  readonly from: number;
  /** The version to which it leads. */
  readonly to: number;
  readonly root: Root;
  readonly changes: readonly Change[];
}

const FORMAT = 1;

/**
 * Format (1 byte), from (8, big-endian), to (8), root (32), number of changes (4), and for each the
 * length of the key (2) and of the value (3, 0 for none), key, value; sealed.
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

/** The record, or what is wrong with the bytes. */
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

/** What the changed keys have before they change. @throws MerkleError `STORE_DAMAGED`. */
export function undoOf(place: Place, head: Head, changes: readonly Change[]): readonly Change[] {
  const seen = new Set<string>();
  const before: Change[] = [];
  for (const { key } of changes) {
    const name = toHex(key);
    if (seen.has(name)) continue;
    seen.add(name);
    before.push({ key: copyBytes(key), value: readValue(place, head.slot, key) });
  }
  return before;
}

export function writeUndo({ database }: Place, undo: Undo): void {
  assert(undo.to < undo.from, "an undo record leads to an older version");
  database.putSync(undoKey(undo.to), encodeUndo(undo));
}

/** The older versions that are kept, the newest first, as the keys of the records say. */
export function keptVersions(place: Place): readonly number[] {
  return undoKeys(place)
    .map((key) => versionIn(place, key))
    .reverse();
}

/**
 * The records from the newest version back, one by one, each of them checked to be the one before.
 * @throws MerkleError `STORE_DAMAGED` at the first that is not, and where the oldest is not reached.
 */
export function* readUndos(place: Place, { version, oldest }: Head): IterableIterator<Undo> {
  let from = version;
  for (const key of undoKeys(place).toReversed()) {
    const undo = decodeUndo(place.database.get(key) ?? key);
    const name = `the undo record ${toHex(key)}`;
    if (typeof undo === "string") throw damaged(place, `${name}: ${undo}`);
    if (toHex(undoKey(undo.to)) !== toHex(key)) throw damaged(place, `${name} is another one's`);
    if (undo.from !== from) throw damaged(place, `${name} undoes ${undo.from} instead of ${from}`);
    from = undo.to;
    yield undo;
  }
  if (from !== oldest) throw damaged(place, `the way back ends at ${from} instead of ${oldest}`);
}

/** Removes the oldest records, so that `keep` versions stay readable; gives the oldest of these. */
export function pruneUndos(place: Place, version: number, keep: number): number {
  const keys = undoKeys(place);
  const removed = keys.slice(0, Math.max(keys.length - (keep - 1), 0));
  for (const key of removed) place.database.removeSync(key);
  const oldest = keys[removed.length];
  return oldest === undefined ? version : versionIn(place, oldest);
}

function undoKeys({ database }: Place): readonly Uint8Array[] {
  return [...database.getKeys(UNDO_RANGE)].map((key) => copyBytes(key));
}

function versionIn(place: Place, key: Uint8Array): number {
  const version = createByteReader(key.subarray(1)).number("version", 8);
  if (toHex(undoKey(version)) === toHex(key)) return version;
  throw damaged(place, `there is a record under the unknown key ${toHex(key)}`);
}
