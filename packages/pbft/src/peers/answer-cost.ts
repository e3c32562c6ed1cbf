import {
  BLOCK_BYTES_MAX,
  Block,
  BlockHeader,
  CertifiedHeader,
  FinalizedBlock,
  ITEM_BYTES_MAX,
  ITEMS_MAX,
  OFFSET_BYTES,
  SNAPSHOT_CHUNK_BYTES_MAX,
  SnapshotHead,
  SYNC_UPDATES_BYTES_MAX,
  SYNC_UPDATES_MAX,
  type SyncRequest,
  type SyncResponse,
} from "@aethel/models";

/**
 * Cost of one part of a block (an item or an entry of the annex), in addition to its own bytes: the
 * number of bytes that are read and encoded in the same time.
 */
const PART_BYTES = 128;
/**
 * Cost of looking up and decoding a header: the number of bytes that are read and encoded in the
 * same time.
 */
const HEADER_BYTES = 2_048;
/** Cost of looking up a block: the number of bytes that are read and encoded in the same time. */
const LOOKUP_BYTES = 4_096;

/**
 * Cost of making one byte of a chunk, in bytes: its entries are read, hashed and proven. The number
 * of bytes of blocks that are read and encoded in the same time.
 */
const CHUNK_FACTOR = 2;

/**
 * Cost of an answer at which no further block is added. If all blocks have the same size, an answer
 * is at most twice as large, or has one block. So eight answers at the same time fit the asker's
 * bounds.
 */
export const ANSWER_COST_FULL = 2_097_152;

const PARTS_COST_MAX = 2 * ITEMS_MAX * PART_BYTES;
const BLOCK_COST_MAX = LOOKUP_BYTES + Block.maxBytes + PARTS_COST_MAX;
const FINAL_COST_MAX = LOOKUP_BYTES + FinalizedBlock.maxBytes + PARTS_COST_MAX;

/**
 * Returns the cost of an answer, in bytes: the bytes that are read and sent for it, plus the bytes
 * that would take as long as the other work for it. A transport charges it to the asker.
 */
export function answerCost(response: SyncResponse): number {
  switch (response.type) {
    case "block":
      return LOOKUP_BYTES + Block.size(response.block) + partsCost(response.block);
    case "blocks":
      return response.blocks.reduce((sum, each) => sum + finalBlockCost(each), 0);
    case "headers":
      return response.headers.reduce((sum, each) => sum + HEADER_BYTES + BlockHeader.size(each), 0);
    case "items":
      return response.items.reduce((sum, { bytes }) => sum + itemCost(bytes.length), 0);
    case "updates":
      return response.updates.reduce((sum, each) => sum + updateCost(each), 0);
    case "snapshot-head":
      return LOOKUP_BYTES + SnapshotHead.size(response.head);
    case "snapshot-chunk":
      return LOOKUP_BYTES + CHUNK_FACTOR * response.chunk.length;
    case "signed-head":
    case "head":
    case "absent":
    case "pruned":
    case "snapshots":
      return 0;
  }
}

/**
 * Returns the highest cost that an answer to a request can have, as far as the request shows it.
 */
export function answerCostMax(request: SyncRequest): number {
  switch (request.type) {
    case "block":
      return BLOCK_COST_MAX;
    case "blocks":
      return Math.min(request.count * FINAL_COST_MAX, ANSWER_COST_FULL + FINAL_COST_MAX);
    case "headers":
      return request.count * (HEADER_BYTES + BlockHeader.maxBytes);
    case "items": {
      const count = request.places.length;
      const bytes = Math.min(count * (ITEM_BYTES_MAX + OFFSET_BYTES), BLOCK_BYTES_MAX);
      return bytes + count * PART_BYTES;
    }
    case "updates":
      return SYNC_UPDATES_BYTES_MAX + SYNC_UPDATES_MAX * HEADER_BYTES;
    case "snapshot-head":
      return LOOKUP_BYTES + SnapshotHead.maxBytes;
    case "snapshot-chunk":
      return LOOKUP_BYTES + CHUNK_FACTOR * SNAPSHOT_CHUNK_BYTES_MAX;
    case "signed-head":
    case "head":
    case "evidence":
    case "snapshots":
      return 0;
  }
}

/** Returns the cost of one final block in an answer. */
export function finalBlockCost(finalized: FinalizedBlock): number {
  return LOOKUP_BYTES + FinalizedBlock.size(finalized) + partsCost(finalized.block);
}

/** Returns the cost of the parts of a block in addition to their bytes. */
export function partsCost({ items, annex }: Block): number {
  return (items.length + annex.length) * PART_BYTES;
}

function updateCost(update: CertifiedHeader): number {
  return HEADER_BYTES + CertifiedHeader.size(update) + OFFSET_BYTES;
}

function itemCost(bytes: number): number {
  return bytes + OFFSET_BYTES + PART_BYTES;
}
