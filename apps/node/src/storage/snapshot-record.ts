import { BlockHeader, QuorumCertificate, toSequence } from "@aethel/models";
import { boundedBytes, type Infer, struct } from "@aethel/models/codec";
import type { RootDatabase } from "lmdb";
import { type Bytes, sequenceIn, sequenceKey } from "./tables.ts";

/** Most bytes of a leaders' record: more than the one of `VALIDATORS_MAX` validators has. */
const LEADERSHIP_BYTES_MAX = 1 << 24;

/**
 * Block after which a snapshot was taken. It is stored apart from the history, so that pruning does
 * not touch it. Both validator sets are in the state.
 */
export const SnapshotRecord = struct("SnapshotRecord", {
  header: BlockHeader,
  certificate: QuorumCertificate,
  /** Leaders' record after the block. Empty if there is none. */
  leadership: boundedBytes(LEADERSHIP_BYTES_MAX),
});
export type SnapshotRecord = Infer<typeof SnapshotRecord>;

/** Opens the table of snapshots. Key: sequence (8 bytes). Value: `SnapshotRecord`. */
export function openSnapshots(root: RootDatabase): Bytes {
  return root.openDB<Uint8Array, Uint8Array>({
    name: "snapshots",
    encoding: "binary",
    keyEncoding: "binary",
  });
}

/** Writes a record and removes all but the newest `keep`. MUST be called inside a transaction. */
export function writeSnapshot(table: Bytes, record: SnapshotRecord, keep: number): void {
  table.putSync(sequenceKey(record.header.sequence), SnapshotRecord.encode(record));
  const known = sequencesIn(table);
  for (const sequence of known.slice(0, Math.max(0, known.length - keep))) {
    table.removeSync(sequenceKey(sequence));
  }
}

/** Reads all records, oldest first. */
export function readSnapshots(table: Bytes): readonly SnapshotRecord[] {
  return [...table.getRange({})].map(({ value }) => SnapshotRecord.decode(new Uint8Array(value)));
}

function sequencesIn(table: Bytes): readonly number[] {
  return [...table.getKeys({})].map((key) => toSequence(sequenceIn(key)));
}
