import { type Root, toRoot } from "@aethel/models";
import { createByteReader } from "../bytes/byte-reader.ts";
import { numberBytes } from "../bytes/byte-writer.ts";
import { damaged, HEAD_KEY, type Place, type Slot } from "./place.ts";
import { seal, unseal } from "./sealed.ts";

/** Which version is stored, and what its content must hash to. */
export interface StoredHead {
  readonly version: number;
  readonly root: Root;
}

/** The head as it is on the disk. */
export interface Head extends StoredHead {
  /** Where the pairs are. */
  readonly slot: Slot;
  /** The oldest version to which the undo records lead back; this one, where there are none. */
  readonly oldest: number;
}

const FORMAT = 2;
const LENGTH = 1 + 8 + 32 + 1 + 8;

/** Format (1 byte), version (8, big-endian), root (32), slot (1), oldest (8), sealed. */
export function encodeHead({ version, root, slot, oldest }: Head): Uint8Array {
  return seal([
    Uint8Array.of(FORMAT),
    numberBytes(version, 8),
    root,
    Uint8Array.of(slot),
    numberBytes(oldest, 8),
  ]);
}

/** The head, or what is wrong with the bytes. The version has no other witness than the hash. */
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

/** @throws MerkleError `STORE_DAMAGED`. */
export function readHead(place: Place): Head | undefined {
  const bytes = place.database.get(HEAD_KEY);
  if (bytes === undefined) return undefined;
  const head = decodeHead(bytes);
  if (typeof head === "string") throw damaged(place, head);
  return head;
}

export function writeHead({ database }: Place, head: Head): void {
  database.putSync(HEAD_KEY, encodeHead(head));
}
