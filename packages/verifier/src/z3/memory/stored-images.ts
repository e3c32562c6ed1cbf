import { createHash } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Run, Snapshot } from "./memory-image.ts";

/**
 * Memory images of a new solver after its warm-up, one for each purpose. If none are stored, each
 * thread makes its own.
 */
export interface StoredImages {
  readonly formula: StoredStart;
  readonly script: StoredStart;
}

/** Snapshot of a memory with a new context, and the addresses that are needed to use it. */
export interface StoredStart {
  readonly snapshot: Snapshot;
  /** Address of the Z3 context. */
  readonly context: number;
  /** Resource units that the Z3 context had counted when the snapshot was taken. */
  readonly spent: number;
  /** Address of the memory word in which the Z3 context counts resource units. */
  readonly countAt: number;
  /** Address of the word that holds the allocator's break. It is the same for every purpose. */
  readonly breakAt: number;
  /** Address of the stack's upper end. It is the same for every purpose. */
  readonly stackTop: number;
}

interface Header extends Omit<StoredStart, "snapshot"> {
  readonly end: number;
  /**
   * Runs of the snapshot. The bytes of a run without a `word` are the next ones after the header.
   */
  readonly runs: readonly { readonly from: number; readonly to: number; readonly word?: string }[];
}

const HASH = 32;
const LENGTH = 4;

/**
 * Encodes images as `key | sha256 of the rest | length of formula | formula | script`. Both images
 * are compressed: 25 MB become 0.6 MB. `key` (`imagesKey`) identifies everything that decides the
 * images; a reader with another key must not use them.
 */
export function encodeImages(images: StoredImages, key: Uint8Array): Uint8Array {
  const formula = encodeStart(images.formula);
  const rest = Buffer.concat([lengthOf(formula), formula, encodeStart(images.script)]);
  return Buffer.concat([key, hash(rest), rest]);
}

/** Decodes the images in `file`. Undefined if the file was made for another key or is damaged. */
export function decodeImages(file: Uint8Array, key: Uint8Array): StoredImages | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const rest = bytes.subarray(2 * HASH);
  if (rest.length < LENGTH || !bytes.subarray(0, HASH).equals(key)) return undefined;
  if (!bytes.subarray(HASH, 2 * HASH).equals(hash(rest))) return undefined;
  const split = LENGTH + rest.readUInt32LE();
  return {
    formula: decodeStart(rest.subarray(LENGTH, split)),
    script: decodeStart(rest.subarray(split)),
  };
}

/**
 * Encodes one image: the uncompressed size, then compressed the size of the header, the header and
 * the bytes of the runs.
 */
function encodeStart(start: StoredStart): Uint8Array {
  const { snapshot, ...facts } = start;
  const runs = snapshot.runs.map((run) => {
    const { from, to } = run;
    return "word" in run ? { from, to, word: String(run.word) } : { from, to };
  });
  const header: Header = { ...facts, end: snapshot.end, runs };
  const text = Buffer.from(JSON.stringify(header));
  const contents = snapshot.runs.flatMap((run) => ("bytes" in run ? [run.bytes] : []));
  const unpacked = Buffer.concat([lengthOf(text), text, ...contents]);
  return Buffer.concat([lengthOf(unpacked), zstdCompressSync(unpacked)]);
}

function decodeStart(packed: Buffer): StoredStart {
  const size = packed.readUInt32LE();
  // In one piece, which avoids another copy.
  const unpacked = zstdDecompressSync(packed.subarray(LENGTH), { chunkSize: size + 1 });
  // One copy for all threads of the process.
  const bytes = Buffer.from(new SharedArrayBuffer(size));
  unpacked.copy(bytes);
  const begin = LENGTH + bytes.readUInt32LE();
  const { end, runs, ...facts }: Header = JSON.parse(bytes.toString("utf8", LENGTH, begin));
  let at = begin;
  const take = (length: number): Uint8Array => {
    at += length;
    return new Uint8Array(bytes.buffer, bytes.byteOffset + at - length, length);
  };
  const restored = runs.map(
    ({ from, to, word }): Run =>
      word === undefined ? { from, to, bytes: take(to - from) } : { from, to, word: BigInt(word) },
  );
  return { ...facts, snapshot: { end, runs: restored } };
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(bytes.length);
  return length;
}

function hash(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
