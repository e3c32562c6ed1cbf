import type { LedgerBatch, LedgerStore, StoredHead } from "@aethel/ledger";
import { Receipt } from "@aethel/ledger";
import { type Change, MerkleError } from "@aethel/merkle";
import type { TreeStore } from "@aethel/merkle/lmdb";
import {
  AethelError,
  BlockHeader,
  blockDigest,
  concatBytes,
  type Digest,
  Evidence,
  equalBytes,
  FinalizedBlock,
  ledgerHeader,
  type Sequence,
  toSequence,
} from "@aethel/models";
import type { RootDatabase } from "lmdb";
import { factsOf } from "../failure/failure.ts";
import type { Layout } from "../files/layout.ts";
import {
  beginExtent,
  type HistoryRecord,
  readAnchor,
  readExtent,
  readSetChanges,
  SetChange,
  setChangeOf,
} from "./history.ts";
import { damaged } from "./open-database.ts";
import { databaseFailure, preallocate, usedBytes } from "./preallocate.ts";
import { firstSince, type PruneFloor, type PruneStep, pruneStep, STEP_PAIRS } from "./pruning.ts";
import { readSlashes, type WantedSlashes } from "./slash-queries.ts";
import { SlashRecord, slashesOf } from "./slash-record.ts";
import { openSnapshots } from "./snapshot-record.ts";
import { noteSnapshot, type SnapshotSchedule, versionsKept } from "./snapshot-schedule.ts";
import { openStateTree } from "./state-tree.ts";
import { ONLY, openTables, placeKey, sequenceKey, type Tables } from "./tables.ts";

/** Summary of a store that was read and found undamaged. */
export interface StoreSummary {
  readonly sequence: number;
  readonly root: Uint8Array;
  readonly keys: number;
  /** Oldest block from which on all are stored. One above the head if none is. */
  readonly oldestBlock: number;
  /** Oldest header from which on all are stored. */
  readonly oldestHeader: number;
}

/** Store of a ledger, with queries that work without the ledger. */
export interface DiskStore extends LedgerStore {
  /** Reads and checks the whole state; undefined for an empty store. */
  summary(): Promise<StoreSummary | undefined>;
  /** Reads slashes, oldest first. */
  slashes(wanted: WantedSlashes): Promise<readonly SlashRecord[]>;
  /** Reads the last block's header, without the state. Undefined for an empty store. */
  last(): Promise<BlockHeader | undefined>;
  /** Reads which blocks and headers are stored. */
  extent(): Promise<HistoryRecord>;
  /** Reads changes of the validator set after a sequence; see `readSetChanges`. */
  setChanges(wanted: {
    readonly after: number;
    readonly bytesMax: number;
  }): Promise<readonly SetChange[] | undefined>;
  /** Finds the first stored block with at least this timestamp. The head if there is none. */
  firstSince(timestampMs: number): Promise<number>;
  /** Deletes some of the history below a floor; see `pruneStep`. */
  prune(floor: PruneFloor): Promise<PruneStep>;
}

/**
 * Creates the store of a ledger in an LMDB environment. Block, certificate, receipts and state
 * change are written in one transaction, which is on the disk when `write` resolves. `snapshots`:
 * schedule of the snapshots that `restoreSnapshots` can find again; undefined: none.
 *
 * Methods reject with NodeError `DATA_DIR_DAMAGED` if stored bytes differ from what was written.
 * They reject with PbftError `STORAGE` if the disk is full, read-only or fails. Then nothing was
 * written, and the call can be repeated.
 */
export function createLedgerStore(
  root: RootDatabase,
  layout: Layout,
  { snapshots }: { readonly snapshots?: SnapshotSchedule } = {},
): DiskStore {
  const tables = openTables(root);
  const records = openSnapshots(root);
  const trees = openStateTree(root, { keep: versionsKept(snapshots) });
  const guarded = async <T>(action: () => T | Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (cause) {
      const disk = databaseFailure(layout, cause);
      if (disk !== undefined) throw disk;
      throw isDamage(cause) ? damaged(layout, reasonOf(cause), cause) : cause;
    }
  };
  const load = (): { readonly head: StoredHead; readonly summary: StoreSummary } | undefined => {
    const stored = trees.load();
    if (stored === undefined) return undefined;
    const header = readHeader(tables, stored.version);
    if (!equalBytes(ledgerHeader(header).stateRootAfter, stored.root)) {
      throw new Damage("the last block's state root is not the stored state's");
    }
    const finalized = readBlock(tables, toSequence(stored.version));
    const certificate = finalized?.certificate ?? readAnchor(tables, header.sequence);
    if (header.sequence > 0 && certificate === undefined)
      throw new Damage("the last block is missing");
    const leadership = readLeadership(tables);
    const { sequence } = header;
    return {
      head: { tree: stored.tree, header, certificate, leadership },
      summary: {
        sequence,
        root: stored.root,
        keys: stored.tree.size,
        ...wholeExtent(tables, sequence),
      },
    };
  };
  return {
    load: () => guarded(() => load()?.head),
    summary: () => guarded(() => load()?.summary),
    write: (batch) =>
      guarded(async () => {
        const rows = recordsOf(batch);
        await preallocate(root, { layout, bytes: bytesFor(root, rows, batch) });
        root.transactionSync(() => {
          beginExtent(tables, batch.version);
          writeRecords(tables, rows);
          noteSnapshot(records, snapshots, batch);
          trees.write({
            changes: changesOf(batch),
            version: storedVersion(batch),
            root: batch.root,
          });
        });
      }),
    block: (sequence) => guarded(() => readBlock(tables, sequence)),
    header: (sequence) => guarded(() => readBlockHeader(tables, sequence)),
    receipts: (sequence) => guarded(() => readReceipts(tables, sequence)),
    receipt: (proofHash) => guarded(() => readReceipt(tables, proofHash)),
    slashes: (wanted) => guarded(() => readSlashes(tables, wanted)),
    ...historyOf({ root, layout, tables, trees, guarded }),
  };
}

/** Creates the methods of a store that read its extent and delete history. */
function historyOf(parts: {
  readonly root: RootDatabase;
  readonly layout: Layout;
  readonly tables: Tables;
  readonly trees: TreeStore;
  readonly guarded: <T>(action: () => T | Promise<T>) => Promise<T>;
}): Pick<DiskStore, "last" | "extent" | "setChanges" | "firstSince" | "prune"> {
  const { root, layout, tables, trees, guarded } = parts;
  const head = (): number => trees.head()?.version ?? 0;
  return {
    last: () =>
      guarded(() => {
        const version = trees.head()?.version;
        return version === undefined ? undefined : readHeader(tables, version);
      }),
    extent: () => guarded(() => readExtent(tables)),
    setChanges: (wanted) => guarded(() => readSetChanges(tables, wanted)),
    firstSince: (timestampMs) =>
      guarded(() => {
        const { oldestHeader: from } = readExtent(tables);
        return firstSince(tables, { from, head: head(), timestampMs });
      }),
    prune: (floor) =>
      guarded(async () => {
        const bytes = SPARE_BYTES + Math.min(STEP_PAIRS * PATH_BYTES, usedBytes(root));
        await preallocate(root, { layout, bytes });
        return root.transactionSync(() => pruneStep(tables, { floor, head: head() }));
      }),
  };
}

/**
 * Reads which blocks and headers are stored, and checks that none is missing from the oldest one to
 * the head.
 */
function wholeExtent(
  tables: Tables,
  head: number,
): Pick<StoreSummary, "oldestBlock" | "oldestHeader"> {
  const { oldestBlock, oldestHeader } = readExtent(tables);
  for (const [table, name, from] of [
    [tables.blocks, "block", oldestBlock],
    [tables.headers, "header", oldestHeader],
  ] as const) {
    const count = table.getKeysCount({ start: sequenceKey(from) });
    const wanted = Math.max(0, head - from + 1);
    if (count !== wanted) {
      throw new Damage(`${count} instead of ${wanted} ${name}s are stored from ${from} on`);
    }
  }
  return { oldestBlock, oldestHeader };
}

/** Error about stored bytes that this store cannot have written. */
class Damage extends Error {
  override readonly name = "Damage";
}

function isDamage(error: unknown): boolean {
  if (error instanceof Damage) return true;
  if (error instanceof MerkleError) return error.fault.code === "STORE_DAMAGED";
  return error instanceof AethelError && error.fault.code === "DECODE";
}

function reasonOf(error: unknown): string {
  if (error instanceof AethelError) return factsOf(error);
  return error instanceof Error ? error.message : String(error);
}

function storedVersion({ version }: LedgerBatch): number {
  return version;
}

function changesOf({ changes }: LedgerBatch): readonly Change[] {
  return changes.map(({ key, after }) => ({ key, value: after }));
}

/** Key and value of one of the tables. */
interface StoredRecord {
  readonly table: keyof Tables;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Lists the records of a batch. Changes of the state are not among them. */
function recordsOf(batch: LedgerBatch): readonly StoredRecord[] {
  const { header, finalized, leadership, receipts, version } = batch;
  const at = sequenceKey(version);
  const change = setChangeOf(batch);
  const whole: readonly StoredRecord[] =
    finalized === undefined
      ? []
      : [{ table: "blocks", key: at, value: FinalizedBlock.encode(finalized) }];
  return [
    { table: "headers", key: at, value: BlockHeader.encode(header) },
    ...whole,
    ...(change === undefined
      ? []
      : [{ table: "setChanges", key: at, value: SetChange.encode(change) } as const]),
    ...(leadership === undefined
      ? []
      : [{ table: "leadership", key: ONLY, value: leadership } as const]),
    ...receipts.flatMap((receipt, index): readonly StoredRecord[] => {
      const place = placeKey(version, index);
      return [
        { table: "receipts", key: place, value: Receipt.encode(receipt) },
        { table: "proofs", key: new Uint8Array(receipt.proofHash), value: place },
      ];
    }),
    ...slashesOf(batch).flatMap((slash, index): readonly StoredRecord[] => {
      const place = placeKey(version, index);
      return [
        { table: "slashes", key: place, value: SlashRecord.encode(slash) },
        { table: "slashesOf", key: concatBytes(slash.validator, place), value: NOTHING },
      ];
    }),
    ...(finalized?.block.evidence ?? []).map(
      (item): StoredRecord => ({
        table: "evidence",
        key: Evidence.digest(item).slice(),
        value: at,
      }),
    ),
  ];
}

function writeRecords(tables: Tables, records: readonly StoredRecord[]): void {
  for (const { table, key, value } of records) tables[table].putSync(key, value);
}

/**
 * Bytes of pages that every transaction needs, whatever is in the batch: roots, free pages, the
 * first pages of a table.
 */
const SPARE_BYTES = 1 << 20;
/**
 * Most bytes of pages that LMDB copies to write one pair. They are the path from the root of the
 * pair's table.
 */
const PATH_BYTES = 8 * 4_096;
/**
 * Factor from the bytes of a batch to the most bytes that they can take in the file. It covers undo
 * records of the state and split pages.
 */
const COPIES = 4;

/**
 * Returns the most bytes by which a batch can grow the file. The pages that LMDB copies are at most
 * all pages in use.
 */
function bytesFor(
  root: RootDatabase,
  records: readonly StoredRecord[],
  { changes }: LedgerBatch,
): number {
  const pairs = records.length + 2 * changes.length;
  const bytes =
    records.reduce((sum, { key, value }) => sum + key.length + value.length, 0) +
    changes.reduce((sum, { key, before, after }) => {
      return sum + key.length + (before?.length ?? 0) + (after?.length ?? 0);
    }, 0);
  const copied = Math.min(pairs * PATH_BYTES, usedBytes(root));
  return SPARE_BYTES + copied + COPIES * (bytes + pairs * 64);
}

/** Reads the header of a block. Undefined for the genesis block, although its header is stored. */
function readBlockHeader(tables: Tables, sequence: Sequence): BlockHeader | undefined {
  return sequence === 0 ? undefined : findHeader(tables, sequence);
}

function readHeader(tables: Tables, sequence: number): BlockHeader {
  const header = findHeader(tables, sequence);
  if (header === undefined) throw new Damage(`the header at ${sequence} is missing`);
  return header;
}

function findHeader(tables: Tables, sequence: number): BlockHeader | undefined {
  const bytes = tables.headers.get(sequenceKey(sequence));
  if (bytes === undefined) return undefined;
  const header = BlockHeader.decode(new Uint8Array(bytes));
  if (header.sequence === sequence) return header;
  throw new Damage(`the header stored at ${sequence} is of ${header.sequence}`);
}

function readBlock(tables: Tables, sequence: Sequence): FinalizedBlock | undefined {
  const bytes = tables.blocks.get(sequenceKey(sequence));
  if (bytes === undefined) return undefined;
  const finalized = FinalizedBlock.decode(new Uint8Array(bytes));
  const digest = blockDigest(finalized.block.header);
  if (
    finalized.block.header.sequence === sequence &&
    equalBytes(digest, finalized.certificate.digest)
  ) {
    return finalized;
  }
  throw new Damage(`the block stored at ${sequence} is not the one its certificate names`);
}

function readLeadership(tables: Tables): Uint8Array | undefined {
  const bytes = tables.leadership.get(ONLY);
  return bytes === undefined ? undefined : new Uint8Array(bytes);
}

function readReceipts(tables: Tables, sequence: Sequence): readonly Receipt[] {
  const range = tables.receipts.getRange({
    start: placeKey(sequence, 0),
    end: placeKey(sequence + 1, 0),
  });
  return [...range].map(({ value }) => Receipt.decode(new Uint8Array(value)));
}

function readReceipt(tables: Tables, proofHash: Digest): Receipt | undefined {
  const key = tables.proofs.get(new Uint8Array(proofHash));
  const bytes = key === undefined ? undefined : tables.receipts.get(new Uint8Array(key));
  return bytes === undefined ? undefined : Receipt.decode(new Uint8Array(bytes));
}

/** Value in a table of which only the keys matter. */
const NOTHING = new Uint8Array([0]);
