import { CHUNK_LENGTH_MAX } from "./snapshot-chunk.ts";
import { snapshotFault } from "./snapshot-fault.ts";

/** Bytes of the length field before each chunk of a stream. */
export const STREAM_HEADER_BYTES = 4;

/**
 * Splits a byte stream, in pieces of any size, into chunks. Holds at most one chunk and one piece.
 * `begin` is the index of the first chunk.
 * @throws MerkleError `SNAPSHOT_CHUNK` for an illegal length, and for an end within a chunk.
 */
export async function* chunksIn(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { begin }: { readonly begin: number },
): AsyncIterableIterator<Uint8Array> {
  let index = begin;
  let chunk: Uint8Array | undefined;
  let filled = 0;
  const header = new Uint8Array(STREAM_HEADER_BYTES);
  let inHeader = 0;
  for await (const piece of source) {
    let at = 0;
    while (at < piece.length) {
      if (chunk === undefined) {
        const take = Math.min(STREAM_HEADER_BYTES - inHeader, piece.length - at);
        header.set(piece.subarray(at, at + take), inHeader);
        at += take;
        inHeader += take;
        if (inHeader < STREAM_HEADER_BYTES) continue;
        chunk = new Uint8Array(lengthIn(header, index));
        [filled, inHeader] = [0, 0];
      }
      const take = Math.min(chunk.length - filled, piece.length - at);
      chunk.set(piece.subarray(at, at + take), filled);
      at += take;
      filled += take;
      if (filled < chunk.length) continue;
      yield chunk;
      chunk = undefined;
      index++;
    }
  }
  if (chunk === undefined && inHeader === 0) return;
  const detail = chunk === undefined ? "within its length" : `${filled} of ${chunk.length} bytes`;
  throw snapshotFault({ index, reason: "truncated", detail });
}

function lengthIn(header: Uint8Array, index: number): number {
  const length = new DataView(header.buffer).getUint32(0);
  if (length > 0 && length <= CHUNK_LENGTH_MAX) return length;
  throw snapshotFault({ index, reason: "length", detail: `${length} bytes` });
}
