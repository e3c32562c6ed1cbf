import { createByteReader } from "../bytes/byte-reader.ts";
import { joinBytes, numberBytes } from "../bytes/byte-writer.ts";
import { decodeFault } from "../bytes/decode-fault.ts";
import { isValueLength, VALUE_LENGTH_MAX } from "../limits.ts";
import { decodeOutline, encodeOutline } from "../outlines/outline-codec.ts";
import type { MultiProof } from "./multi-proof.ts";

/** Longest encoding of a multi-proof, in bytes: 16 MiB. Longer input is refused unread. */
export const MULTI_PROOF_LENGTH_MAX = 16_777_216;

/**
 * Encodes a multi-proof: the number of values (4 bytes, big-endian); for each value its length (3
 * bytes, 0 for an absent key) and its bytes; then each node of the outline, a kind (1 byte: 0
 * empty, 1 hidden, 2 inner, 3 inside, 4 other leaf) and its digests (32 bytes each).
 *
 * @throws MerkleError `DECODE` for a proof with a field of illegal length or an incomplete outline.
 */
export function encodeMany({ values, outline }: MultiProof): Uint8Array {
  const parts: Uint8Array[] = [numberBytes(values.length, 4)];
  for (const value of values) {
    if (value !== undefined && !isValueLength(value.length)) throw valueFault(value.length);
    parts.push(numberBytes(value?.length ?? 0, 3));
    if (value !== undefined) parts.push(value);
  }
  const bytes = joinBytes([...parts, ...encodeOutline(outline)]);
  if (bytes.length > MULTI_PROOF_LENGTH_MAX) throw lengthFault(bytes.length);
  return bytes;
}

/**
 * Decodes a multi-proof into copies, without verifying it.
 * @throws MerkleError `DECODE` for bytes that `encodeMany` does not produce.
 */
export function decodeMany(bytes: Uint8Array): MultiProof {
  if (bytes.length > MULTI_PROOF_LENGTH_MAX) throw lengthFault(bytes.length);
  const reader = createByteReader(bytes);
  const count = reader.number("values", 4);
  if (count * 3 > reader.left()) throw decodeFault("values", `${count} are more than the bytes`);
  const values: (Uint8Array | undefined)[] = [];
  for (let at = 0; at < count; at++) {
    const length = reader.number("values", 3);
    if (length > VALUE_LENGTH_MAX) throw valueFault(length);
    values.push(length === 0 ? undefined : reader.bytes("values", length));
  }
  const outline = decodeOutline(reader);
  if (!reader.isAtEnd()) throw decodeFault("", `${reader.left()} bytes follow the end`);
  return { values, outline };
}

function valueFault(length: number): Error {
  return decodeFault("values", `${length} is not in 1 .. ${VALUE_LENGTH_MAX}`);
}

function lengthFault(length: number): Error {
  return decodeFault("", `${length} bytes are too many`);
}
