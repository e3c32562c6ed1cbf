import { equalBytes, type Root, sha256, toRoot } from "@aethel/models";
import { copyBytes } from "../copy.ts";

/** Which version is stored, and what its content must hash to. */
export interface StoredHead {
  readonly version: number;
  readonly root: Root;
}

const FORMAT = 1;
const CHECKED_LENGTH = 41;
const LENGTH = 73;

/** Format (1 byte), version (8, big-endian), root (32), and the SHA-256 of these. */
export function encodeHead({ version, root }: StoredHead): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  bytes[0] = FORMAT;
  new DataView(bytes.buffer).setBigUint64(1, BigInt(version));
  bytes.set(root, 9);
  bytes.set(sha256(bytes.subarray(0, CHECKED_LENGTH)), CHECKED_LENGTH);
  return bytes;
}

/** The head, or what is wrong with the bytes. The version has no other witness than the hash. */
export function decodeHead(bytes: Uint8Array): StoredHead | string {
  if (bytes.length !== LENGTH) return `the head has ${bytes.length} bytes instead of ${LENGTH}`;
  const checked = copyBytes(bytes, 0, CHECKED_LENGTH);
  if (!equalBytes(sha256(checked), bytes.subarray(CHECKED_LENGTH))) {
    return "the head does not have the hash that was stored with it";
  }
  if (checked[0] !== FORMAT) return `the head has format ${checked[0]}, known is ${FORMAT}`;
  const version = Number(new DataView(checked.buffer).getBigUint64(1));
  if (!Number.isSafeInteger(version)) return "the version is above 2^53-1";
  return { version, root: toRoot(copyBytes(checked, 9)) };
}
