import { type Root, toRoot } from "@aethel/models";
import { createByteReader } from "../bytes/byte-reader.ts";
import { numberBytes } from "../bytes/byte-writer.ts";
import { seal, unseal } from "./sealed.ts";
import { damaged, HEAD_KEY, type Slot, type StoreContext } from "./store-context.ts";

/** Number and root of the stored version. */
export interface StoredHead {
  readonly version: number;
  readonly root: Root;
}

/** Head record of a store. Its presence means that the store holds a tree. */
export interface Head extends StoredHead {
  /** Slot that holds the entries of this version. */
  readonly slot: Slot;
  /**
   * Oldest version that can be restored with undo records. The stored version itself if there are
   * no undo records.
   */
  readonly oldest: number;
}

const FORMAT = 2;
const LENGTH = 1 + 8 + 32 + 1 + 8;

/**
 * Encodes a head: format (1 byte), version (8, big-endian), root (32), slot (1), oldest (8), hash.
 */
export function encodeHead({ version, root, slot, oldest }: Head): Uint8Array {
  return seal([
    Uint8Array.of(FORMAT),
    numberBytes(version, 8),
    root,
    Uint8Array.of(slot),
    numberBytes(oldest, 8),
  ]);
}

/**
 * Decodes a head, or returns what is wrong with the bytes. The hash at the end of the record is all
 * that reveals a damaged version number.
 */
export function decodeHead(sealed: Uint8Array): Head | string {
  const bytes = unseal(sealed);
  if (bytes === undefined) return "the head does not have the hash that was stored with it";
  if (bytes[0] !== FORMAT) return `the head has format ${bytes[0]}, known is ${FORMAT}`;
  if (bytes.length !== LENGTH) return `the head has ${bytes.length} bytes instead of ${LENGTH}`;
  const reader = createByteReader(bytes.subarray(1));
  const version = reader.number("version", 8);
  const root = toRoot(reader.bytes("root", 32));
  const slot = reader.number("slot", 1);
  const oldest = reader.number("oldest", 8);
  if (!Number.isSafeInteger(version)) return "the version is above 2^53-1";
  if (slot !== 0 && slot !== 1) return `there is no slot ${slot}`;
  if (oldest > version) return `version ${oldest} is not older than ${version}`;
  return { version, root, slot, oldest };
}

/**
 * Reads the head. Undefined in a new store.
 * @throws MerkleError `STORE_DAMAGED`.
 */
export function readHead(store: StoreContext): Head | undefined {
  const bytes = store.database.get(HEAD_KEY);
  if (bytes === undefined) return undefined;
  const head = decodeHead(bytes);
  if (typeof head === "string") throw damaged(store, head);
  return head;
}

export function writeHead({ database }: StoreContext, head: Head): void {
  database.putSync(HEAD_KEY, encodeHead(head));
}
