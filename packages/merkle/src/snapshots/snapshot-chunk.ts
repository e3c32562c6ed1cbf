import { assert, compareBytes, equalBytes } from "@aethel/models";
import { createByteReader } from "../bytes/byte-reader.ts";
import { joinBytes } from "../bytes/byte-writer.ts";
import { copyBytes } from "../bytes/copy.ts";
import { decodeFault } from "../bytes/decode-fault.ts";
import type { Path } from "../hashing/path.ts";
import { DIGEST_LENGTH } from "../limits.ts";
import { proveRange, type RangeProof } from "../proofs/range-proof.ts";
import { decodeRange, encodeRange } from "../proofs/range-proof-codec.ts";
import { hashedCursorOf, type LeafCursor } from "../tree/cursor.ts";
import { leavesFrom } from "../tree/leaves-from.ts";
import type { Tree } from "../tree/tree.ts";

/** Default size of a chunk, in bytes of keys and values. */
export const CHUNK_BYTES = 262_144;

/** Longest encoding of a chunk, in bytes. Longer input is refused unread. */
export const CHUNK_LENGTH_MAX = 4_194_304;

/** Largest size that a sender may choose for a chunk, in bytes of keys and values. */
const CHUNK_BYTES_MAX = 2_097_152;

const FORMAT = 1;

/** First path of every tree. */
export const FIRST_PATH: Path = new Uint8Array(DIGEST_LENGTH);
/** Last path of every tree. */
export const LAST_PATH: Path = new Uint8Array(DIGEST_LENGTH).fill(0xff);

/**
 * All entries of a tree from one path to another, with their range proof. A chunk has no index: its
 * two paths give its position, and the proof covers them.
 */
export interface SnapshotChunk {
  readonly from: Path;
  /** Path of the last entry, or `LAST_PATH` in the last chunk. */
  readonly to: Path;
  readonly proof: RangeProof;
}

/**
 * Makes the chunk that begins at `from`. It ends at the first entry with which it has `bytes` bytes
 * of keys and values, or at the end of the tree.
 */
export function chunkFrom(
  tree: Tree,
  { from, bytes = CHUNK_BYTES }: { readonly from: Path; readonly bytes?: number },
): SnapshotChunk {
  assert(from.length === DIGEST_LENGTH, "a path has 32 bytes");
  const target = Math.min(bytes, CHUNK_BYTES_MAX);
  let taken = 0;
  let last: LeafCursor | undefined;
  for (const leaf of leavesFrom(hashedCursorOf(tree), from)) {
    if (last !== undefined && taken >= target) {
      const to = last.path();
      return { from, to, proof: proveRange(tree, { from, to }) };
    }
    taken += leaf.size();
    last = leaf;
  }
  return { from, to: LAST_PATH, proof: proveRange(tree, { from, to: LAST_PATH }) };
}

/** Returns the next path. Undefined after the last one. */
export function placeAfter(path: Path): Path | undefined {
  const next = copyBytes(path);
  for (let at = DIGEST_LENGTH - 1; at >= 0; at--) {
    const byte = next[at] ?? 0;
    next[at] = byte + 1;
    if (byte < 0xff) return next;
  }
  return undefined;
}

/** Encodes a chunk: format (1 byte), from (32), to (32), then the range proof. */
export function encodeChunk({ from, to, proof }: SnapshotChunk): Uint8Array {
  return joinBytes([Uint8Array.of(FORMAT), from, to, encodeRange(proof)]);
}

/**
 * Decodes a chunk, without verifying it.
 * @throws MerkleError `DECODE`.
 */
export function decodeChunk(bytes: Uint8Array): SnapshotChunk {
  if (bytes.length > CHUNK_LENGTH_MAX) throw decodeFault("", `${bytes.length} bytes are too many`);
  const reader = createByteReader(bytes);
  const format = reader.number("format", 1);
  if (format !== FORMAT) throw decodeFault("format", `${format} is unknown`);
  const [from, to] = [reader.bytes("from", DIGEST_LENGTH), reader.bytes("to", DIGEST_LENGTH)];
  if (compareBytes(from, to) > 0) throw decodeFault("to", "it is before `from`");
  return { from, to, proof: decodeRange(reader.bytes("proof", reader.left())) };
}

export function isLastChunk({ to }: SnapshotChunk): boolean {
  return equalBytes(to, LAST_PATH);
}
