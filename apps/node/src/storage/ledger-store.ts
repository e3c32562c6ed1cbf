import type { LedgerBatch, LedgerStore, StoredHead } from "@aethel/ledger";
import { Receipt } from "@aethel/ledger";
import { type Change, MerkleError } from "@aethel/merkle";
import { createTreeStore } from "@aethel/merkle/lmdb";
import {
  AethelError,
  BlockHeader,
  blockDigest,
  type Digest,
  equalBytes,
  FinalizedBlock,
  type Sequence,
  toSequence,
} from "@aethel/models";
import type { Database, RootDatabase } from "lmdb";
import { factsOf } from "../cli/failure.ts";
import type { Layout } from "./layout.ts";
import { damaged } from "./open-database.ts";
import { SlashRecord, slashesOf } from "./slash-record.ts";
import { stateHasher } from "./state-hasher.ts";

type Bytes = Database<Uint8Array, Uint8Array>;

/** The named databases of the one environment. Keys of numbers are big-endian, so they are in order. */
interface Tables {
  /** Sequence (8 bytes) to `BlockHeader`, genesis included. */
  readonly headers: Bytes;
  /** Sequence (8 bytes) to `FinalizedBlock`. */
  readonly blocks: Bytes;
  /** Sequence (8 bytes), index (4 bytes) to `Receipt`. */
  readonly receipts: Bytes;
  /** Proof hash to the key of its receipt. */
  readonly proofs: Bytes;
  /** Sequence (8 bytes), position (4 bytes) to `SlashRecord`. */
  readonly slashes: Bytes;
  /** Sequence (8 bytes) of the last block to consensus' record of leaders after it. */
  readonly leadership: Bytes;
}

/** What a whole, readable store holds. */
export interface StoreSummary {
  readonly sequence: number;
  readonly root: Uint8Array;
  readonly keys: number;
}

/** A ledger's store, with a look at it that needs no ledger. */
export interface DiskStore extends LedgerStore {
  /** What is stored, all of the state read and checked; undefined when nothing is. */
  summary(): Promise<StoreSummary | undefined>;
  /** Who lost stake in the blocks `from` .. `to`, oldest first. */
  slashes(range: SlashRange): Promise<readonly SlashRecord[]>;
}

/** Which slashes are wanted. */
export interface SlashRange {
  readonly from: number;
  readonly to: number;
  /** At most so many. */
  readonly limit: number;
}

/**
 * Keeps a ledger in an LMDB environment: block, certificate, receipts and state change together, in
 * one transaction that is on the disk when `write` resolves.
 *
 * Its calls reject with NodeError `DATA_DIR_DAMAGED` when what is read is not what was written.
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
    leadership: open("leadership"),
  };
  const trees = createTreeStore(root, { name: "state", hasher: stateHasher() });
  const guarded = async <T>(action: () => T): Promise<T> => {
    try {
      return await Promise.resolve(action());
    } catch (cause) {
      throw isDamage(cause) ? damaged(layout, reasonOf(cause), cause) : cause;
    }
  };
  const load = (): { readonly head: StoredHead; readonly summary: StoreSummary } | undefined => {
    const stored = trees.load();
    if (stored === undefined) return undefined;
    const header = readHeader(tables, stored.version);
    if (!equalBytes(header.stateRootAfter, stored.root)) {
      throw new Damage("the last block's state root is not the stored state's");
    }
    const finalized = readBlock(tables, toSequence(stored.version));
    if (header.sequence > 0 && finalized === undefined)
      throw new Damage("the last block is missing");
    const leadership = readLeadership(tables, header.sequence);
    return {
      head: { tree: stored.tree, header, certificate: finalized?.certificate, leadership },
      summary: { sequence: header.sequence, root: stored.root, keys: stored.tree.size },
    };
  };
  return {
    load: () => guarded(() => load()?.head),
    summary: () => guarded(() => load()?.summary),
    write: (batch) =>
      guarded(() =>
        root.transactionSync(() => {
          writeRecords(tables, batch);
          trees.write({
            changes: changesOf(batch),
            version: storedVersion(batch),
            root: batch.root,
          });
        }),
      ),
    block: (sequence) => guarded(() => readBlock(tables, sequence)),
    receipts: (sequence) => guarded(() => readReceipts(tables, sequence)),
    receipt: (proofHash) => guarded(() => readReceipt(tables, proofHash)),
    slashes: (range) => guarded(() => readSlashes(tables, range)),
  };
}

/** Bytes that no code of ours has written like this. */
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

function writeRecords(tables: Tables, batch: LedgerBatch): void {
  const { header, finalized, leadership, receipts, version } = batch;
  const at = sequenceKey(version);
  if (leadership !== undefined) tables.leadership.putSync(at, leadership);
  if (version > 0) tables.leadership.removeSync(sequenceKey(version - 1));
  tables.headers.putSync(at, BlockHeader.encode(header));
  if (finalized !== undefined) tables.blocks.putSync(at, FinalizedBlock.encode(finalized));
  receipts.forEach((receipt, index) => {
    const key = placeKey(version, index);
    tables.receipts.putSync(key, Receipt.encode(receipt));
    tables.proofs.putSync(new Uint8Array(receipt.proofHash), key);
  });
  slashesOf(batch).forEach((slash, index) => {
    tables.slashes.putSync(placeKey(version, index), SlashRecord.encode(slash));
  });
}

function readHeader(tables: Tables, sequence: number): BlockHeader {
  const bytes = tables.headers.get(sequenceKey(sequence));
  if (bytes === undefined) throw new Damage(`the header at ${sequence} is missing`);
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

function readLeadership(tables: Tables, sequence: number): Uint8Array | undefined {
  const bytes = tables.leadership.get(sequenceKey(sequence));
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

function readSlashes(tables: Tables, { from, to, limit }: SlashRange): readonly SlashRecord[] {
  const range = { start: placeKey(from, 0), end: placeKey(to + 1, 0), limit };
  return [...tables.slashes.getRange(range)].map(({ value }) =>
    SlashRecord.decode(new Uint8Array(value)),
  );
}

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
