import { assert, compareBytes, equalBytes } from "@aethel/models";
import { createByteReader, decodeFault } from "../bytes/byte-reader.ts";
import { joinBytes } from "../bytes/byte-writer.ts";
import { copyBytes } from "../bytes/copy.ts";
import type { Path } from "../hashing/path.ts";
import { DIGEST_LENGTH } from "../limits.ts";
import { proveRange, type RangeProof } from "../proofs/range-proof.ts";
import { decodeRange, encodeRange } from "../proofs/range-proof-codec.ts";
import { hashedCursorOf, type LeafCursor } from "../tree/cursor.ts";
import { leavesFrom } from "../tree/leaves-from.ts";
import type { Tree } from "../tree/tree.ts";

/** Bytes of keys and values after which a chunk ends, unless the sender says otherwise. */
export const CHUNK_BYTES = 262_144;

/** Longest encoding of a chunk: more is refused before anything is read. */
export const CHUNK_LENGTH_MAX = 4_194_304;

/** Most bytes of keys and values that a sender may ask to have in one chunk. */
const CHUNK_BYTES_MAX = 2_097_152;

const FORMAT = 1;

/** The first and the last place of every tree. */
export const FIRST_PATH: Path = new Uint8Array(DIGEST_LENGTH);
export const LAST_PATH: Path = new Uint8Array(DIGEST_LENGTH).fill(0xff);

/**
 * All that a tree holds from one hashed key to another, with its proof. Where it stands among the
 * others is said by its bounds alone, so nothing in it is believed without proof.
 */
export interface SnapshotChunk {
  readonly from: Path;
  /** The path of the last entry, or the last of all paths: then it is the last chunk. */
  readonly to: Path;
  readonly proof: RangeProof;
}

/** The chunk that begins at a place, with some `bytes` of keys and values, one entry at least. */
export function chunkFrom(
  tree: Tree,
  { from, bytes = CHUNK_BYTES }: { readonly from: Path; readonly bytes?: number },
): SnapshotChunk {
  assert(from.length === DIGEST_LENGTH, "a place has 32 bytes");
  const target = Math.min(bytes, CHUNK_BYTES_MAX);
  let taken = 0;
  let last: LeafCursor | undefined;
  for (const leaf of leavesFrom(hashedCursorOf(tree), from)) {
    if (last !== undefined && taken >= target) {
      const to = last.path();
      return { from, to, proof: proveRange(tree, { from, to }) };
    }
    taken += leaf.key().length + leaf.value().length;
    last = leaf;
  }
  return { from, to: LAST_PATH, proof: proveRange(tree, { from, to: LAST_PATH }) };
}

/** The place after a path; undefined after the last. */
export function placeAfter(path: Path): Path | undefined {
  const next = copyBytes(path);
  for (let at = DIGEST_LENGTH - 1; at >= 0; at--) {
    const byte = next[at] ?? 0;
    next[at] = byte + 1;
    if (byte < 0xff) return next;
  }
  return undefined;
}

/** Format (1 byte), from (32), to (32), then the range proof. */
export function encodeChunk({ from, to, proof }: SnapshotChunk): Uint8Array {
  return joinBytes([Uint8Array.of(FORMAT), from, to, encodeRange(proof)]);
}

/** @throws MerkleError `DECODE`. */
export function decodeChunk(bytes: Uint8Array): SnapshotChunk {
  if (bytes.length > CHUNK_LENGTH_MAX) throw decodeFault("", `${bytes.length} bytes are too many`);
  const reader = createByteReader(bytes);
  const format = reader.number("format", 1);
  if (format !== FORMAT) throw decodeFault("format", `${format} is unknown`);
  const [from, to] = [reader.bytes("from", DIGEST_LENGTH), reader.bytes("to", DIGEST_LENGTH)];
  if (compareBytes(from, to) > 0) throw decodeFault("to", "it is before the beginning");
  return { from, to, proof: decodeRange(reader.bytes("proof", reader.left())) };
}

export function isLastChunk({ to }: SnapshotChunk): boolean {
  return equalBytes(to, LAST_PATH);
}
