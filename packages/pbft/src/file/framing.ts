import { createHash } from "node:crypto";

/**
 * First bytes of every signing log: its format and version. Version 2 added leases, see
 * `frameLease`.
 */
export const MAGIC: Uint8Array = new TextEncoder().encode("aethel/signing-log/2\n");
/**
 * First bytes of a log of version 1, which has no leases. Such a log can be read, and is converted
 * to version 2 when it is opened.
 */
const MAGIC_BEFORE: Uint8Array = new TextEncoder().encode("aethel/signing-log/1\n");

const LENGTH_BYTES = 4;
const CHECK_BYTES = 8;
/**
 * Bytes of a record's length field and of the check of that field. With the check, a damaged length
 * is not mistaken for a record that a crash cut off.
 */
const HEADER_BYTES = LENGTH_BYTES + CHECK_BYTES;
/** Most bytes of a record. A block with its certificate is much smaller. */
const RECORD_BYTES_MAX = 64 * 1_048_576;

/** Bit of the length field that marks a lease (see `frameLease`) instead of a record. */
const LEASE_BIT = 0x8000_0000;

/** Result of scanning the file of a log. */
export type Scan =
  | {
      readonly type: "intact";
      readonly records: readonly Uint8Array[];
      /**
       * Bytes up to the end of the last whole record. What follows is a record that a crash cut
       * off.
       */
      readonly end: number;
    }
  | { readonly type: "damaged"; readonly offset: number; readonly reason: string };

/**
 * Frames one record: length, check of length, payload, check of payload. A check is 8 bytes of
 * SHA-256.
 */
export function frame(record: Uint8Array): Uint8Array {
  return enclose(record, record.length);
}

/**
 * Frames a lease: a mark that a process appends when it opens the log. A process that already has
 * the log open sees the mark, and so learns of the other process.
 */
export function frameLease(token: Uint8Array): Uint8Array {
  return enclose(token, token.length + LEASE_BIT);
}

function enclose(record: Uint8Array, length: number): Uint8Array {
  const framed = new Uint8Array(HEADER_BYTES + record.length + CHECK_BYTES);
  new DataView(framed.buffer).setUint32(0, length);
  framed.set(checkOf(framed.subarray(0, LENGTH_BYTES)), LENGTH_BYTES);
  framed.set(record, HEADER_BYTES);
  framed.set(checkOf(record), HEADER_BYTES + record.length);
  return framed;
}

/**
 * Reads all records. If the file ends inside a record, that record was never acknowledged, and it
 * is cut off. A tail of zeros, which some file systems leave, is cut off too. Any other fault means
 * that an acknowledged record may be damaged or missing. That holds for the last record too, since
 * nobody can tell whether the crash came during its write.
 */
export function scan(file: Uint8Array): Scan {
  if (!isPrefix(MAGIC, file) && !isPrefix(MAGIC_BEFORE, file)) {
    return { type: "damaged", offset: 0, reason: "it does not begin as a signing log does" };
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const records: Uint8Array[] = [];
  let at = MAGIC.length;
  while (at < file.length) {
    const torn = { type: "intact", records, end: at } as const;
    if (at + HEADER_BYTES > file.length) return torn;
    const stands = view.getUint32(at);
    const isLease = stands >= LEASE_BIT;
    const length = isLease ? stands - LEASE_BIT : stands;
    const stated = file.subarray(at + LENGTH_BYTES, at + HEADER_BYTES);
    if (
      !equal(stated, checkOf(file.subarray(at, at + LENGTH_BYTES))) ||
      length > RECORD_BYTES_MAX
    ) {
      return isZero(file, at)
        ? torn
        : { type: "damaged", offset: at, reason: "the length of a record is wrong" };
    }
    const end = at + HEADER_BYTES + length + CHECK_BYTES;
    if (end > file.length) return torn;
    // A copy: `slice` of a Buffer would share its memory.
    const record = new Uint8Array(file.subarray(at + HEADER_BYTES, end - CHECK_BYTES));
    if (!equal(file.subarray(end - CHECK_BYTES, end), checkOf(record))) {
      return { type: "damaged", offset: at, reason: "the content of a record is wrong" };
    }
    if (!isLease) records.push(record);
    at = end;
  }
  return { type: "intact", records, end: at };
}

function checkOf(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest().subarray(0, CHECK_BYTES);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function isPrefix(prefix: Uint8Array, of: Uint8Array): boolean {
  return prefix.length <= of.length && prefix.every((byte, at) => byte === of[at]);
}

/**
 * Whether a file has only zeros from `from` on. A file system can leave them if it made the file
 * longer before the data arrived.
 */
function isZero(file: Uint8Array, from: number): boolean {
  return file.subarray(from).every((byte) => byte === 0);
}
