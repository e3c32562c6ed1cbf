import type { Database, RootDatabase } from "lmdb";

/** Named database of the LMDB environment, from bytes to bytes. */
export type Bytes = Database<Uint8Array, Uint8Array>;

/**
 * Named databases of a ledger. Each comment says what its keys and values are. Numbers in keys are
 * big-endian, so that keys sort by number.
 */
export interface Tables {
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
  /**
   * Changes of the validator set. Key: sequence (8 bytes) of the block that names another next set.
   * Value: `SetChange`. Pruning keeps all of them.
   */
  readonly setChanges: Bytes;
  /** Extent of the stored history. One key. Value: `HistoryRecord`. */
  readonly history: Bytes;
  /**
   * Certificate of a head whose block is not stored, because its state came as a snapshot. Key:
   * sequence (8 bytes). Value: `QuorumCertificate`. At most one.
   */
  readonly anchor: Bytes;
}

/** Opens the tables of a ledger. */
export function openTables(root: RootDatabase): Tables {
  const open = (name: string): Bytes =>
    root.openDB<Uint8Array, Uint8Array>({ name, encoding: "binary", keyEncoding: "binary" });
  return {
    headers: open("headers"),
    blocks: open("blocks"),
    receipts: open("receipts"),
    proofs: open("proofs"),
    slashes: open("slashes"),
    slashesOf: open("slashes-of"),
    evidence: open("evidence"),
    leadership: open("leadership"),
    setChanges: open("set-changes"),
    history: open("history"),
    anchor: open("anchor"),
  };
}

/** Key of a record of which only one is kept. */
export const ONLY: Uint8Array = Uint8Array.of(0);

/** Encodes a sequence as a key. */
export function sequenceKey(sequence: number): Uint8Array {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigUint64(0, BigInt(sequence));
  return key;
}

/** Decodes the sequence at the beginning of a key. */
export function sequenceIn(key: Uint8Array): number {
  const bytes = new Uint8Array(key);
  return Number(new DataView(bytes.buffer).getBigUint64(0));
}

/** Encodes a place in a block as a key: its sequence, and an index. */
export function placeKey(sequence: number, index: number): Uint8Array {
  const key = new Uint8Array(12);
  const view = new DataView(key.buffer);
  view.setBigUint64(0, BigInt(sequence));
  view.setUint32(8, index);
  return key;
}

/** Upper bound of all keys that `placeKey` returns. */
export const LAST_PLACE: Uint8Array = new Uint8Array(12).fill(0xff);
