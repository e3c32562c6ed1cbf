import { BlockHeader, WireVersion } from "@aethel/models";

/** Bytes of an SSZ offset. */
const OFFSET_BYTES = 4;
/**
 * Number of fields of `StoredBlock` and of `FinalizedBlock`. All these fields have variable size.
 */
const WRAPPERS = [2, 2];
/** Number of fields of `Block` with variable size. The header is the first of them. */
const BLOCK_OFFSETS = 5;

/** Number of bytes at the beginning of a stored block that always include the whole header. */
export const STORED_HEADER_BYTES: number =
  WRAPPERS.reduce((sum, fields) => sum + fields * OFFSET_BYTES, 0) +
  WireVersion.maxBytes +
  BLOCK_OFFSETS * OFFSET_BYTES +
  BlockHeader.maxBytes;

/**
 * Decodes the header from the first `STORED_HEADER_BYTES` bytes of a `StoredBlock`, by the offsets
 * in them.
 * @throws RangeError or ModelsError `DECODE` if they do not lead to a header
 */
export function headerOfStored(bytes: Uint8Array): BlockHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offset = (at: number): number => view.getUint32(at, true);
  const finalized = offset(0);
  const block = finalized + offset(finalized);
  const first = block + WireVersion.maxBytes;
  const [start, end] = [block + offset(first), block + offset(first + OFFSET_BYTES)];
  if (end > bytes.length) throw new RangeError(`the header ends at ${end} of ${bytes.length}`);
  return BlockHeader.decode(bytes.subarray(start, end));
}
