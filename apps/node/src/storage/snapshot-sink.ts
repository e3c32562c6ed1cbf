import { CHUNK_LENGTH_MAX, MerkleError } from "@aethel/merkle";
import type { StoreImport } from "@aethel/merkle/lmdb";
import {
  assert,
  blockDigest,
  decodeValidatorSet,
  equalBytes,
  ledgerHeader,
  type SnapshotHead,
} from "@aethel/models";
import { type ChunkVerdict, hashLeadership, type SnapshotSink } from "@aethel/pbft";
import type { RootDatabase } from "lmdb";
import type { Layout } from "../files/layout.ts";
import { writeAnchor } from "./history.ts";
import { damaged } from "./open-database.ts";
import { databaseFailure, preallocate, usedBytes } from "./preallocate.ts";
import { markUnchecked } from "./recertification-mark.ts";
import { openSnapshots, writeSnapshot } from "./snapshot-record.ts";
import { openStateTree, rememberChecked } from "./state-tree.ts";
import { openTables } from "./tables.ts";

/** Bytes by which the file grows while chunks come in. Few growths, since each is synced. */
const GROWTH_BYTES = 32 << 20;
/** Bytes of pages that every transaction needs, whatever is in it. */
const SPARE_BYTES = 1 << 20;
/**
 * Most bytes of pages that a chunk can need for each of its bytes. The shortest entry takes 7 bytes
 * in a chunk and 47 more in a record; pages are at least half full; pages that the chunk overlaps
 * are copied.
 */
const PAGES_OF_BYTE = 32;
/** Most bytes of pages that the removal of old entries copies at once. */
const REMOVAL_BYTES = 512 << 20;

/**
 * Creates the receiver of snapshots of a data directory. Each accepted chunk is on the disk, with
 * the progress, when `accept` resolves. `finish` writes the state, the block's header and
 * certificate, and the leaders' record in one transaction, and then `createLedger` opens at the
 * block. The stored ledger stays what it is until then. No other part of the program may write to
 * the database meanwhile. `keep`: number of snapshots that the node keeps.
 *
 * Methods reject with PbftError `STORAGE` if the disk is full or fails, and with NodeError
 * `DATA_DIR_DAMAGED` if the disk changed what was written.
 */
export function createSnapshotSink(
  root: RootDatabase,
  { layout, keep = 1 }: { readonly layout: Layout; readonly keep?: number },
): SnapshotSink {
  const trees = openStateTree(root);
  const tables = openTables(root);
  let current: Import | undefined;
  let reservedTo = 0;
  const reserve = async (bytes: number): Promise<void> => {
    if (usedBytes(root) + bytes <= reservedTo) return;
    await preallocate(root, { layout, bytes: bytes + GROWTH_BYTES });
    reservedTo = usedBytes(root) + bytes + GROWTH_BYTES;
  };
  const guarded = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (cause) {
      const disk = databaseFailure(layout, cause);
      if (disk !== undefined) throw disk;
      const isDamage = cause instanceof MerkleError && cause.fault.code === "STORE_DAMAGED";
      throw isDamage ? damaged(layout, cause.message, cause) : cause;
    }
  };
  return {
    begin: (head) =>
      guarded(async () => {
        checkHead(head);
        const { header } = head;
        // Removing what another import has left copies pages.
        await reserve(SPARE_BYTES + Math.min(usedBytes(root), REMOVAL_BYTES));
        const wanted = { root: ledgerHeader(header).stateRootAfter, version: header.sequence };
        current = { head, coming: trees.receive(wanted) };
        return current.coming.missing;
      }),
    accept: (from, chunk) =>
      guarded(async () => {
        const { coming } = begun(current);
        await reserve(SPARE_BYTES + PAGES_OF_BYTE * Math.min(chunk.length, CHUNK_LENGTH_MAX));
        return root.transactionSync(() => verdictOn(coming, { from, chunk }));
      }),
    missing: () => current?.coming.missing ?? [],
    finish: () =>
      guarded(async () => {
        const { head, coming } = begun(current);
        const { header, certificate, leadership } = head;
        await coming.check();
        await reserve(SPARE_BYTES);
        const tree = root.transactionSync(() => {
          writeAnchor(tables, { header, certificate, leadership });
          writeSnapshot(openSnapshots(root), { header, certificate, leadership }, keep);
          markUnchecked(root, header.sequence);
          return coming.finish();
        });
        rememberChecked(root, tree, header.sequence);
        current = undefined;
        trees.reclaim();
      }),
  };
}

interface Import {
  readonly head: SnapshotHead;
  readonly coming: StoreImport;
}

function begun(current: Import | undefined): Import {
  assert(current !== undefined, "an import was begun");
  return current;
}

/** Checks that all parts of a head are those to which the header commits. */
function checkHead(head: SnapshotHead): void {
  const { header, certificate, validators, nextValidators, leadership } = head;
  const isCertified =
    certificate.sequence === header.sequence && equalBytes(certificate.digest, blockDigest(header));
  assert(isCertified, "a snapshot's certificate is for its header");
  const { hash: set } = decodeValidatorSet(validators);
  const { hash: next } = decodeValidatorSet(nextValidators);
  assert(equalBytes(set, header.validators), "the set that voted is the header's");
  assert(equalBytes(next, header.nextValidators), "the next set is the header's");
  assert(
    equalBytes(hashLeadership(leadership), header.leadership),
    "the leaders' record is the header's",
  );
}

/** Gives a chunk to an import, inside a transaction. */
function verdictOn(
  coming: StoreImport,
  { from, chunk }: { readonly from: Uint8Array; readonly chunk: Uint8Array },
): ChunkVerdict {
  try {
    const { entries, bytes } = coming.accept(chunk, { from });
    return { type: "accepted", entries, bytes };
  } catch (error) {
    if (!(error instanceof MerkleError) || error.fault.code !== "SNAPSHOT_CHUNK") throw error;
    const { reason, detail } = error.fault;
    return reason === "repeated"
      ? { type: "repeated" }
      : { type: "refused", reason: `${reason}: ${detail}` };
  }
}
