import { type ByteReader, createByteReader } from "../bytes/byte-reader.ts";
import { joinBytes, numberBytes } from "../bytes/byte-writer.ts";
import { decodeFault } from "../bytes/decode-fault.ts";
import { isKeyLength, isValueLength, KEY_LENGTH_MAX, VALUE_LENGTH_MAX } from "../limits.ts";
import { decodeOutline, encodeOutline } from "../outlines/outline-codec.ts";
import type { Entry } from "../tree/tree.ts";
import type { RangeProof } from "./range-proof.ts";

/** Longest encoding of a range proof, in bytes: 16 MiB. Longer input is refused unread. */
export const RANGE_PROOF_LENGTH_MAX = 16_777_216;

/**
 * Encodes a range proof: the number of entries (4 bytes, big-endian); for each entry the length of
 * the key (2 bytes), the length of the value (3 bytes), key and value; then the outline as in a
 * multi-proof.
 *
 * @throws MerkleError `DECODE` for a proof with a field of illegal length or an incomplete outline.
 */
export function encodeRange({ entries, outline }: RangeProof): Uint8Array {
  const parts: Uint8Array[] = [numberBytes(entries.length, 4)];
  for (const { key, value } of entries) {
    const [keyLength, valueLength] = [key.length, value.length];
    checkLengths(keyLength, valueLength);
    const lengths = Uint8Array.of(
      keyLength >>> 8,
      keyLength,
      valueLength >>> 16,
      valueLength >>> 8,
      valueLength,
    );
    parts.push(lengths, key, value);
  }
  const bytes = joinBytes([...parts, ...encodeOutline(outline)]);
  checkTotal(bytes.length);
  return bytes;
}

/**
 * Decodes a range proof into copies, without verifying it.
 * @throws MerkleError `DECODE` for bytes that `encodeRange` does not produce.
 */
export function decodeRange(bytes: Uint8Array): RangeProof {
  checkTotal(bytes.length);
  const reader = createByteReader(bytes);
  const entries = decodeEntries(reader);
  const outline = decodeOutline(reader);
  if (!reader.isAtEnd()) throw decodeFault("", `${reader.left()} bytes follow the end`);
  return { entries, outline };
}

function decodeEntries(reader: ByteReader): readonly Entry[] {
  const count = reader.number("entries", 4);
  // An entry has 7 bytes or more: 5 for the lengths, 1 of the key, 1 of the value.
  if (count * 7 > reader.left()) throw decodeFault("entries", `${count} are more than the bytes`);
  const entries: Entry[] = [];
  for (let at = 0; at < count; at++) {
    const keyLength = reader.number("entries", 2);
    const valueLength = reader.number("entries", 3);
    checkLengths(keyLength, valueLength);
    const key = reader.bytes("entries", keyLength);
    entries.push({ key, value: reader.bytes("entries", valueLength) });
  }
  return entries;
}

function checkLengths(key: number, value: number): void {
  if (!isKeyLength(key))
    throw decodeFault("entries", `key: ${key} is not in 1 .. ${KEY_LENGTH_MAX}`);
  if (isValueLength(value)) return;
  throw decodeFault("entries", `value: ${value} is not in 1 .. ${VALUE_LENGTH_MAX}`);
}

function checkTotal(length: number): void {
  if (length > RANGE_PROOF_LENGTH_MAX) throw decodeFault("", `${length} bytes are too many`);
}
