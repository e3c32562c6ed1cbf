import { concatBytes, equalBytes, sha256 } from "@aethel/models";
import { TestkitError } from "../errors.ts";

const HEADER_BYTES = 12;

/**
 * Encodes a record as a frame: the length of the record (4 bytes), a checksum of the length, a
 * checksum of the record, the record.
 */
export function frameOf(record: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, record.length);
  return concatBytes(length, checksum(length), checksum(record), record);
}

function checksum(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).subarray(0, 4);
}

/**
 * Reads all whole frames. `end` is the offset after the last of them. A frame that is cut off at
 * the end was never acknowledged and is left out.
 *
 * @throws TestkitError `DISK_DAMAGED` for damage before the end
 */
export function readFrames(bytes: Uint8Array): {
  readonly records: readonly Uint8Array[];
  readonly end: number;
} {
  const records: Uint8Array[] = [];
  let at = 0;
  while (bytes.length - at >= HEADER_BYTES) {
    const header = bytes.subarray(at, at + HEADER_BYTES);
    // A length with a wrong checksum is damage; a frame without its end is a torn write.
    if (!equalBytes(checksum(header.subarray(0, 4)), header.subarray(4, 8))) damaged(at);
    const end = at + HEADER_BYTES + new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
    if (end > bytes.length) break;
    const record = bytes.slice(at + HEADER_BYTES, end);
    if (!equalBytes(checksum(record), header.subarray(8))) damaged(at);
    records.push(record);
    at = end;
  }
  return { records, end: at };
}

function damaged(offset: number): never {
  throw new TestkitError({ code: "DISK_DAMAGED", offset });
}
