import { compareBytes, equalBytes, toHex } from "@aethel/models";
import { numberBytes } from "../bytes/byte-writer.ts";
import { MerkleError } from "../errors.ts";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import type { Path } from "../hashing/path.ts";
import { extendByRange, verifyRange } from "../proofs/range-proof.ts";
import { hasherOf, type Tree } from "../tree/tree.ts";
import {
  CHUNK_LENGTH_MAX,
  chunkFrom,
  decodeChunk,
  encodeChunk,
  FIRST_PATH,
  isLastChunk,
  placeAfter,
  type SnapshotChunk,
} from "./snapshot-chunk.ts";
import { snapshotFault } from "./snapshot-fault.ts";
import { STREAM_HEADER_BYTES } from "./snapshot-stream.ts";

/** Options of a snapshot. */
export interface SnapshotOptions {
  /** Path at which to begin: the `next` of an import. Default: the first path. */
  readonly from?: Path;
  /** Bytes of keys and values in each chunk. Default: 256 KiB. At most 2 MiB. */
  readonly chunkBytes?: number;
}

/**
 * Iterates over the encoded chunks of a version, each made on demand. Each chunk can be verified
 * against the root without the others.
 */
export function* snapshotChunks(
  tree: Tree,
  { from = FIRST_PATH, chunkBytes }: SnapshotOptions = {},
): IterableIterator<Uint8Array> {
  const size = chunkBytes === undefined ? {} : { bytes: chunkBytes };
  for (let next: Path | undefined = from; next !== undefined; ) {
    const chunk: SnapshotChunk = chunkFrom(tree, { from: next, ...size });
    yield encodeChunk(chunk);
    next = placeAfter(chunk.to);
  }
}

/**
 * Iterates over a snapshot as a byte stream. Before each chunk comes its length (4 bytes,
 * big-endian).
 */
export function* snapshotStream(
  tree: Tree,
  options: SnapshotOptions = {},
): IterableIterator<Uint8Array> {
  for (const chunk of snapshotChunks(tree, options)) {
    yield numberBytes(chunk.length, STREAM_HEADER_BYTES);
    yield chunk;
  }
}

/**
 * Decodes a chunk, and verifies its entries: between the chunk's two paths, the tree with this root
 * has these entries and no others. The caller trusts the root. `index` is the chunk's number in errors.
 * @throws MerkleError `SNAPSHOT_CHUNK`.
 */
export function verifyChunk({
  root,
  bytes,
  index,
  hasher = nobleHasher,
}: {
  readonly root: Uint8Array;
  readonly bytes: Uint8Array;
  readonly index: number;
  readonly hasher?: Hasher;
}): SnapshotChunk {
  const chunk = decoded(bytes, index);
  const { from, to, proof } = chunk;
  const verdict = verifyRange({ root, from, to, proof, hasher });
  if (!verdict.ok) throw snapshotFault({ index, reason: "proof", detail: verdict.reason });
  checkBounds(chunk, { index, hasher });
  return chunk;
}

/** State of an import, against which its next chunk is checked. */
export interface Expected {
  readonly root: Uint8Array;
  /** Number of chunks accepted so far. */
  readonly index: number;
  /** Path at which the next chunk must begin. Undefined when the import is complete. */
  readonly next: Path | undefined;
  /**
   * Known part of the tree: all entries before `next`. An import into a store leaves this tree
   * empty, since the entries are on the disk.
   */
  readonly known: Tree;
}

/** An accepted chunk, and the known part of the tree with its entries. */
export interface Taken {
  readonly chunk: SnapshotChunk;
  readonly known: Tree;
}

/**
 * Verifies the next chunk of an import.
 * @throws MerkleError `SNAPSHOT_CHUNK`.
 */
export function takeChunk(bytes: Uint8Array, expected: Expected): Taken {
  const { root, index, next, known } = expected;
  if (next === undefined) {
    throw snapshotFault({ index, reason: "after-end", detail: `${bytes.length} bytes` });
  }
  const hasher = hasherOf(known);
  const chunk = decoded(bytes, index);
  const order = compareBytes(chunk.from, next);
  if (order !== 0) {
    // Verified first: the fault of a chunk of another tree is its proof, not its position.
    verifyChunk({ root, bytes, index, hasher });
    const detail = `it begins at ${toHex(chunk.from)} instead of ${toHex(next)}`;
    throw snapshotFault({ index, reason: order < 0 ? "repeated" : "missing", detail });
  }
  const { from, to, proof } = chunk;
  const extended = extendByRange(known, { root, from, to, proof });
  if (typeof extended === "string") {
    throw snapshotFault({ index, reason: "proof", detail: extended });
  }
  checkBounds(chunk, { index, hasher });
  return { chunk, known: extended };
}

function decoded(bytes: Uint8Array, index: number): SnapshotChunk {
  if (bytes.length > CHUNK_LENGTH_MAX) {
    throw snapshotFault({ index, reason: "length", detail: `${bytes.length} bytes` });
  }
  try {
    return decodeChunk(bytes);
  } catch (cause) {
    if (!(cause instanceof MerkleError)) throw cause;
    throw snapshotFault({ index, reason: "decode", detail: cause.message }, { cause });
  }
}

/**
 * Checks that a chunk ends at its last entry, unless it is the last chunk. Otherwise a sender could
 * send empty chunks without end.
 */
function checkBounds(
  chunk: SnapshotChunk,
  { index, hasher }: { readonly index: number; readonly hasher: Hasher },
): void {
  if (isLastChunk(chunk)) return;
  const last = chunk.proof.entries.at(-1);
  if (last === undefined) {
    throw snapshotFault({ index, reason: "bounds", detail: "it has no entries" });
  }
  if (equalBytes(hasher.digest(last.key), chunk.to)) return;
  throw snapshotFault({ index, reason: "bounds", detail: "it ends after its last entry" });
}
