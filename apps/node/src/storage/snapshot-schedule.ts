import type { LedgerBatch } from "@aethel/ledger";
import { keepTree, type Tree } from "@aethel/merkle";
import type { RootDatabase } from "lmdb";
import {
  openSnapshots,
  readSnapshots,
  type SnapshotRecord,
  writeSnapshot,
} from "./snapshot-record.ts";
import { openStateTree } from "./state-tree.ts";
import type { Bytes } from "./tables.ts";

/** Schedule of the snapshots that a node makes. */
export interface SnapshotSchedule {
  /** Number of sequences between two snapshots: `checkpointInterval` of the chain. */
  readonly every: number;
  /** Number of snapshots that are kept; 0: none is made. */
  readonly keep: number;
}

/** Snapshot that can be served: a version of the state, and the block after which it was taken. */
export interface Snapshot {
  readonly record: SnapshotRecord;
  readonly tree: Tree;
}

/**
 * Most versions of the state that the store can go back. Each costs the values that its block
 * replaced, so this bounds the disk on a chain whose checkpoints are far apart. Snapshots that are
 * older are lost at a restart.
 */
const VERSIONS_MAX = 4_096;

/** Returns the number of versions that the store must keep to restore all snapshots at a start. */
export function versionsKept(schedule: SnapshotSchedule | undefined): number {
  const { every, keep } = schedule ?? { every: 1, keep: 0 };
  return Math.min(Math.max(1, every * keep), VERSIONS_MAX);
}

/**
 * Writes the record of the snapshot after a block, if the schedule has one there. MUST be called
 * inside the transaction that writes the block.
 */
export function noteSnapshot(
  table: Bytes,
  schedule: SnapshotSchedule | undefined,
  { header, finalized, leadership = new Uint8Array() }: LedgerBatch,
): void {
  if (schedule === undefined || finalized === undefined || schedule.keep === 0) return;
  if (header.sequence % schedule.every !== 0) return;
  const { certificate } = finalized;
  writeSnapshot(table, { header, certificate, leadership }, schedule.keep);
}

/**
 * Restores the snapshots of a store from the newest version, which is in memory. The store goes
 * back by undo records, which cost what blocks have changed. Files would cost the whole state for
 * each snapshot, and could serve only the chunks that are in them.
 * @throws MerkleError `STORE_DAMAGED`.
 */
export function restoreSnapshots(
  root: RootDatabase,
  newest: { readonly tree: Tree; readonly sequence: number },
): readonly Snapshot[] {
  const { tree, sequence: version } = newest;
  const records = readSnapshots(openSnapshots(root));
  const wanted = records.map(({ header }) => header.sequence).filter((one) => one < version);
  const store = openStateTree(root);
  const older =
    wanted.length === 0 ? [] : store.loadOlder({ tree, version, root: tree.root }, wanted);
  return records.flatMap((record): readonly Snapshot[] => {
    const { sequence } = record.header;
    if (sequence === version) return [{ record, tree: keepTree(tree) }];
    const found = older.find((one) => one.version === sequence);
    return found === undefined ? [] : [{ record, tree: found.tree }];
  });
}
