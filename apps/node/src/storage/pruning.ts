import { Receipt } from "@aethel/ledger";
import { BlockHeader, equalBytes, evidenceRoot, toSequence } from "@aethel/models";
import { type HistoryRecord, readExtent, writeExtent } from "./history.ts";
import { type Bytes, placeKey, sequenceIn, sequenceKey, type Tables } from "./tables.ts";

/** Sequences before which blocks and headers are deleted. */
export interface PruneFloor {
  readonly blocks: number;
  readonly headers: number;
}

/** Most pairs that a step of pruning deletes, and most keys that it looks at. */
export const STEP_PAIRS = 256;

/** Result of a step of pruning. */
export interface PruneStep {
  /** Number of deleted blocks. */
  readonly blocks: number;
  /** Whether nothing below the floor is left to delete. */
  readonly isDone: boolean;
}

/**
 * Deletes some of the blocks, receipts and headers below a floor. The head stays, whatever the
 * floor. The new extent is written with the first deletion, so that after a crash the store never
 * claims more than it has, and another step continues.
 *
 * Blocks with evidence stay, with their headers, so that an offence can be checked at any time.
 * Slashes and changes of the validator set stay too. MUST be called inside a transaction.
 */
export function pruneStep(
  tables: Tables,
  { floor, head }: { readonly floor: PruneFloor; readonly head: number },
): PruneStep {
  const extent = raised(readExtent(tables), floor, head);
  let left = STEP_PAIRS - pruneReceipts(tables, extent.oldestBlock, STEP_PAIRS);
  const blocks = sweep({
    table: tables.blocks,
    from: extent.sweptBlocks,
    end: extent.oldestBlock,
    most: left,
    mayDelete: (at) => !hasEvidence(tables, at),
  });
  left -= blocks.looked;
  const headers = sweep({
    table: tables.headers,
    from: extent.sweptHeaders,
    // A block's header is read to decide about the block.
    end: Math.min(extent.oldestHeader, blocks.to),
    most: left,
    mayDelete: (at) => !tables.blocks.doesExist(sequenceKey(at)),
  });
  left -= headers.looked;
  writeExtent(tables, {
    ...extent,
    sweptBlocks: toSequence(blocks.to),
    sweptHeaders: toSequence(headers.to),
  });
  return { blocks: blocks.deleted, isDone: left > 0 };
}

/** Returns the extent that a floor leaves. An extent never grows downwards. */
function raised(extent: HistoryRecord, floor: PruneFloor, head: number): HistoryRecord {
  const oldestBlock = Math.max(extent.oldestBlock, Math.min(floor.blocks, head));
  // The header of a stored block is stored.
  const headersEnd = Math.min(floor.headers, oldestBlock, head);
  const oldestHeader = Math.max(extent.oldestHeader, headersEnd);
  return {
    ...extent,
    oldestBlock: toSequence(oldestBlock),
    oldestHeader: toSequence(oldestHeader),
  };
}

/** Deletes receipts of blocks below a sequence, oldest first. Returns the number of deleted pairs. */
function pruneReceipts(tables: Tables, below: number, most: number): number {
  const limit = Math.ceil(most / 2);
  const found = [...tables.receipts.getRange({ end: placeKey(below, 0), limit })];
  for (const { key, value } of found) {
    const place = new Uint8Array(key);
    const { proofHash } = Receipt.decode(new Uint8Array(value));
    const hash = new Uint8Array(proofHash);
    const indexed = tables.proofs.get(hash);
    if (indexed !== undefined && equalBytes(new Uint8Array(indexed), place)) {
      tables.proofs.removeSync(hash);
    }
    tables.receipts.removeSync(place);
  }
  return 2 * found.length;
}

/** Sequences of the stored pairs of a table in `from` .. `end - 1`, of which some are deleted. */
interface Sweep {
  readonly table: Bytes;
  readonly from: number;
  readonly end: number;
  /** Most pairs to look at. */
  readonly most: number;
  readonly mayDelete: (at: number) => boolean;
}

/** Sweeps a table. `to`: sequence below which it is swept. */
function sweep({ table, from, end, most, mayDelete }: Sweep): {
  readonly to: number;
  readonly looked: number;
  readonly deleted: number;
} {
  const limit = Math.max(0, most);
  const range = { start: sequenceKey(from), end: sequenceKey(end), limit };
  const found = from < end && limit > 0 ? [...table.getKeys(range)].map(sequenceIn) : [];
  const leaving = found.filter(mayDelete);
  for (const at of leaving) table.removeSync(sequenceKey(at));
  const last = found.at(-1);
  const isWhole = found.length < limit || from >= end;
  const to = isWhole ? Math.max(from, end) : (last ?? from - 1) + 1;
  return { to, looked: found.length, deleted: leaving.length };
}

const NO_EVIDENCE = evidenceRoot([]);

function hasEvidence(tables: Tables, at: number): boolean {
  const bytes = tables.headers.get(sequenceKey(at));
  if (bytes === undefined) return false;
  return !equalBytes(BlockHeader.decode(new Uint8Array(bytes)).evidenceRoot, NO_EVIDENCE);
}

/**
 * Finds the first sequence in `from` .. `head` whose header has at least this timestamp, by
 * halving. Header times never decrease. Returns `head` if there is none.
 */
export function firstSince(
  tables: Tables,
  {
    from,
    head,
    timestampMs,
  }: { readonly from: number; readonly head: number; readonly timestampMs: number },
): number {
  let [low, high] = [from, head];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const bytes = tables.headers.get(sequenceKey(middle));
    const time = bytes === undefined ? 0 : BlockHeader.decode(new Uint8Array(bytes)).timestamp;
    if (time >= timestampMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
