import type { LedgerBatch, LedgerStore, StoredHead } from "@aethel/ledger";
import { Receipt } from "@aethel/ledger";
import { type Change, MerkleError } from "@aethel/merkle";
import { createTreeStore } from "@aethel/merkle/lmdb";
import {
  type AccountId,
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
import type { Database, RootDatabase } from "lmdb";
import { factsOf } from "../failure/failure.ts";
import type { Layout } from "../files/layout.ts";
import { damaged } from "./open-database.ts";
import { databaseFailure, preallocate, usedBytes } from "./preallocate.ts";
import { SlashRecord, slashesOf } from "./slash-record.ts";
import { stateHasher } from "./state-hasher.ts";

type Bytes = Database<Uint8Array, Uint8Array>;

/**
 * Named databases of the LMDB environment. Each comment says what its keys and values are. Numbers
 * in keys are big-endian, so that keys sort by number.
 */
interface Tables {
  /** Headers. Key: sequence (8 bytes). Value: `BlockHeader`. The genesis block has one too. */
  readonly headers: Bytes;
  /** Final blocks. Key: sequence (8 bytes). Value: `FinalizedBlock`. */
  readonly blocks: Bytes;
  /** Receipts. Key: sequence (8 bytes) and index (4 bytes). Value: `Receipt`. */
  readonly receipts: Bytes;
  /** Index of the receipts. Key: proof hash. Value: key of the proof's receipt. */
  readonly proofs: Bytes;
  /** Slashes. Key: sequence (8 bytes) and position (4 bytes). Value: `SlashRecord`. */
  readonly slashes: Bytes;
  /**
   * Index of `slashes` by validator. Key: id of a validator (32 bytes). Value: key of one of its
   * slashes (12 bytes). A validator may have several.
   */
  readonly slashesOf: Bytes;
  /**
   * Index of evidence. Key: digest of a piece of evidence. Value: sequence (8 bytes) of its block.
   */
  readonly evidence: Bytes;
  /**
   * Leaders' record after the last block, which says who voted and who led. One key. Value:
   * `LeadershipRecord` of `@aethel/pbft`.
   */
  readonly leadership: Bytes;
}

/** Summary of a store that was read and found undamaged. */
export interface StoreSummary {
  readonly sequence: number;
  readonly root: Uint8Array;
  readonly keys: number;
}

/** Store of a ledger, with queries that work without the ledger. */
export interface DiskStore extends LedgerStore {
  /** Reads and checks the whole state; undefined for an empty store. */
  summary(): Promise<StoreSummary | undefined>;
  /** Reads slashes, oldest first. */
  slashes(wanted: WantedSlashes): Promise<readonly SlashRecord[]>;
}

/** Selection of slashes. Each kind of selection has an index. */
export type WantedSlashes =
  /** At most `limit` slashes, the earliest, of the blocks `from` .. `to`, both included. */
  | { readonly from: number; readonly to: number; readonly limit: number }
  /** At most `last` slashes of the chain, the latest. */
  | { readonly last: number }
  /** At most `limit` slashes of a validator, the latest. */
  | { readonly of: AccountId; readonly limit: number }
  /** All slashes of the block with this piece of evidence. */
  | { readonly byEvidence: Uint8Array };

/**
 * Creates the store of a ledger in an LMDB environment. Block, certificate, receipts and state
 * change are written in one transaction, which is on the disk when `write` resolves.
 *
 * Methods reject with NodeError `DATA_DIR_DAMAGED` if stored bytes differ from what was written.
 * They reject with PbftError `STORAGE` if the disk is full, read-only or fails. Then nothing was
 * written, and the call can be repeated.
 */
export function createLedgerStore(root: RootDatabase, layout: Layout): DiskStore {
  const open = (name: string): Bytes =>
    root.openDB<Uint8Array, Uint8Array>({ name, encoding: "binary", keyEncoding: "binary" });
  const tables: Tables = {
    headers: open("headers"),
    blocks: open("blocks"),
    receipts: open("receipts"),
    proofs: open("proofs"),
    slashes: open("slashes"),
    slashesOf: open("slashes-of"),
    evidence: open("evidence"),
    leadership: open("leadership"),
  };
  const trees = createTreeStore(root, { name: "state", hasher: stateHasher() });
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
    if (header.sequence > 0 && finalized === undefined)
      throw new Damage("the last block is missing");
    const leadership = readLeadership(tables);
    return {
      head: { tree: stored.tree, header, certificate: finalized?.certificate, leadership },
      summary: { sequence: header.sequence, root: stored.root, keys: stored.tree.size },
    };
  };
  return {
    load: () => guarded(() => load()?.head),
    summary: () => guarded(() => load()?.summary),
    write: (batch) =>
      guarded(async () => {
        const records = recordsOf(batch);
        await preallocate(root, { layout, bytes: bytesFor(root, records, batch) });
        root.transactionSync(() => {
          writeRecords(tables, records);
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
  };
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
  const whole: readonly StoredRecord[] =
    finalized === undefined
      ? []
      : [{ table: "blocks", key: at, value: FinalizedBlock.encode(finalized) }];
  return [
    { table: "headers", key: at, value: BlockHeader.encode(header) },
    ...whole,
    ...(leadership === undefined
      ? []
      : [{ table: "leadership", key: LAST, value: leadership } as const]),
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

/** Key of the leaders' record. Only the latest record is kept. */
const LAST = new Uint8Array([0]);

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
  const bytes = tables.leadership.get(LAST);
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

function readSlashes(tables: Tables, wanted: WantedSlashes): readonly SlashRecord[] {
  if ("byEvidence" in wanted) {
    const at = tables.evidence.get(wanted.byEvidence);
    if (at === undefined) return [];
    const sequence = Number(new DataView(new Uint8Array(at).buffer).getBigUint64(0));
    return readSlashes(tables, { from: sequence, to: sequence, limit: SLASHES_OF_BLOCK_MAX });
  }
  if ("of" in wanted) {
    const { of, limit } = wanted;
    const [first, last] = [concatBytes(of, placeKey(0, 0)), concatBytes(of, LAST_PLACE)];
    const places = [...tables.slashesOf.getKeys({ start: last, end: first, reverse: true, limit })];
    return places.toReversed().flatMap((key) => readSlash(tables, new Uint8Array(key).slice(32)));
  }
  const range =
    "last" in wanted
      ? { start: LAST_PLACE, end: placeKey(0, 0), reverse: true, limit: wanted.last }
      : { start: placeKey(wanted.from, 0), end: placeKey(wanted.to + 1, 0), limit: wanted.limit };
  const found = [...tables.slashes.getRange(range)].map(({ value }) =>
    SlashRecord.decode(new Uint8Array(value)),
  );
  return "last" in wanted ? found.toReversed() : found;
}

function readSlash(tables: Tables, place: Uint8Array): readonly SlashRecord[] {
  const bytes = tables.slashes.get(place);
  return bytes === undefined ? [] : [SlashRecord.decode(new Uint8Array(bytes))];
}

/** Upper bound of all keys of `slashes`. */
const LAST_PLACE = new Uint8Array(12).fill(0xff);

/** Limit for a query of one block's slashes, above the number that a block can have. */
const SLASHES_OF_BLOCK_MAX = 16_384;

/** Value in a table of which only the keys matter. */
const NOTHING = new Uint8Array([0]);

function sequenceKey(sequence: number): Uint8Array {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigUint64(0, BigInt(sequence));
  return key;
}

function placeKey(sequence: number, index: number): Uint8Array {
  const key = new Uint8Array(12);
  const view = new DataView(key.buffer);
  view.setBigUint64(0, BigInt(sequence));
  view.setUint32(8, index);
  return key;
}
