import { type LedgerBatch, stateKey } from "@aethel/ledger";
import {
  BlockHeader,
  compareBytes,
  equalBytes,
  QuorumCertificate,
  toSequence,
} from "@aethel/models";
import { boundedBytes, type Infer, sequence, struct } from "@aethel/models/codec";
import { ONLY, sequenceKey, type Tables } from "./tables.ts";

/** Most bytes of an encoded validator set: more than a set of `VALIDATORS_MAX` members has. */
const SET_BYTES_MAX = 1 << 24;

/** Block that names another validator set for the next sequence, with that set. */
export const SetChange = struct("SetChange", {
  header: BlockHeader,
  certificate: QuorumCertificate,
  /** Canonical bytes of the set that votes from the next sequence on. */
  nextValidators: boundedBytes(SET_BYTES_MAX),
});
export type SetChange = Infer<typeof SetChange>;

/** Extent of the stored history. All blocks from the oldest one to the head are stored. */
export const HistoryRecord = struct("HistoryRecord", {
  /** Oldest stored block. One above the head if no block is stored. */
  oldestBlock: sequence,
  /** Oldest header from which on all are stored. */
  oldestHeader: sequence,
  /** Sequence below which all blocks that may be deleted are deleted. At most `oldestBlock`. */
  sweptBlocks: sequence,
  /** Sequence below which all headers that may be deleted are deleted. At most `oldestHeader`. */
  sweptHeaders: sequence,
  /**
   * Sequence from which on all changes of the validator set are stored. Above 1 if the state came
   * as a snapshot.
   */
  oldestChange: sequence,
});
export type HistoryRecord = Infer<typeof HistoryRecord>;

/** Reads the extent of the stored history. A store that was never pruned begins at sequence 1. */
export function readExtent(tables: Tables): HistoryRecord {
  const bytes = tables.history.get(ONLY);
  if (bytes !== undefined) return HistoryRecord.decode(new Uint8Array(bytes));
  // A version of the app before this record stored no changes of the set.
  return wholeFrom(Number.MAX_SAFE_INTEGER);
}

/** Returns the extent of a store with all blocks, and with all changes of the set from a sequence. */
function wholeFrom(oldestChange: number): HistoryRecord {
  const first = toSequence(1);
  return {
    oldestBlock: first,
    oldestHeader: first,
    sweptBlocks: first,
    sweptHeaders: first,
    oldestChange: toSequence(oldestChange),
  };
}

/**
 * Writes the extent of a store that has none yet, when it stores the block of a sequence. MUST be
 * called inside a transaction.
 */
export function beginExtent(tables: Tables, at: number): void {
  if (tables.history.doesExist(ONLY)) return;
  writeExtent(tables, wholeFrom(Math.max(1, at)));
}

/** Writes the extent of the stored history, inside a transaction. */
export function writeExtent(tables: Tables, extent: HistoryRecord): void {
  tables.history.putSync(ONLY, HistoryRecord.encode(extent));
}

/** Returns the record of a block that changes the validator set. Undefined for other blocks. */
export function setChangeOf(batch: LedgerBatch): SetChange | undefined {
  const { header, finalized, changes } = batch;
  if (finalized === undefined || equalBytes(header.validators, header.nextValidators)) {
    return undefined;
  }
  const set = changes.find(({ key }) => compareBytes(key, stateKey.votingSet) === 0)?.after;
  if (set === undefined) return undefined;
  return { header, certificate: finalized.certificate, nextValidators: set };
}

/**
 * Reads changes of the validator set after a sequence, ascending: at least one if there is one, and
 * further ones while all together have at most `bytesMax` bytes. Undefined if changes after that
 * sequence may be missing here.
 */
export function readSetChanges(
  tables: Tables,
  { after, bytesMax }: { readonly after: number; readonly bytesMax: number },
): readonly SetChange[] | undefined {
  if (after + 1 < readExtent(tables).oldestChange) return undefined;
  const found: SetChange[] = [];
  let bytes = 0;
  for (const { value } of tables.setChanges.getRange({ start: sequenceKey(after + 1) })) {
    bytes += value.length;
    if (found.length > 0 && bytes > bytesMax) break;
    found.push(SetChange.decode(new Uint8Array(value)));
  }
  return found;
}

/**
 * Writes a head whose block is not stored: its header, its certificate, and an extent that begins
 * after it. MUST be called inside a transaction. Older blocks stay until they are pruned.
 */
export function writeAnchor(
  tables: Tables,
  head: {
    readonly header: BlockHeader;
    readonly certificate: QuorumCertificate;
    readonly leadership: Uint8Array;
  },
): void {
  const { header, certificate, leadership } = head;
  const at = sequenceKey(header.sequence);
  tables.anchor.clearSync();
  tables.anchor.putSync(at, QuorumCertificate.encode(certificate));
  tables.headers.putSync(at, BlockHeader.encode(header));
  tables.leadership.putSync(ONLY, leadership);
  writeExtent(tables, {
    ...readExtent(tables),
    oldestBlock: toSequence(header.sequence + 1),
    oldestHeader: header.sequence,
    oldestChange: toSequence(header.sequence + 1),
  });
}

/** Reads the certificate of a head whose block is not stored. */
export function readAnchor(tables: Tables, at: number): QuorumCertificate | undefined {
  const bytes = tables.anchor.get(sequenceKey(at));
  return bytes === undefined ? undefined : QuorumCertificate.decode(new Uint8Array(bytes));
}
