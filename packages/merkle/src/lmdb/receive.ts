import { equalBytes, type Root, toHex } from "@aethel/models";
import { MerkleError } from "../errors.ts";
import { takeChunk } from "../snapshots/snapshot.ts";
import { FIRST_PATH, placeAfter } from "../snapshots/snapshot-chunk.ts";
import type { ChunkTaker } from "../snapshots/snapshot-import.ts";
import { createTree, releaseTree } from "../tree/tree.ts";
import { readHead, writeHead } from "./head.ts";
import { writePair } from "./pair.ts";
import { readStaged, removeStaged, type Staged, writeStaged } from "./staged.ts";
import {
  checkTransaction,
  clearSlot,
  damaged,
  otherSlot,
  type StoreContext,
} from "./store-context.ts";
import { pruneUndos } from "./undo.ts";

/**
 * Import of a snapshot into a store. Its progress is on the disk, so another process can continue
 * it.
 */
export interface StoreImport extends ChunkTaker {
  /**
   * Accepts the next chunk. MUST be called inside a transaction of the caller. If the chunk is
   * refused, nothing is written. The last chunk replaces the stored tree and removes its older
   * versions.
   * @throws MerkleError `SNAPSHOT_CHUNK`, `STORE_TRANSACTION`, `STORE_VERSION`, `STORE_DAMAGED`.
   */
  readonly accept: (chunk: Uint8Array) => void;
}

export function receive(
  store: StoreContext,
  { root, version }: { readonly root: Root; readonly version: number },
): StoreImport {
  checkVersion(store, version);
  begin(store, { root, version });
  const isOver = (): boolean => (readHead(store)?.version ?? -1) >= version;
  return {
    get index() {
      return readStaged(store)?.index ?? 0;
    },
    get next() {
      return isOver() ? undefined : stagedFor(store, { root, version }).next;
    },
    accept: (bytes) => {
      checkTransaction(store);
      checkVersion(store, version);
      accept(store, stagedFor(store, { root, version }), bytes);
    },
  };
}

/**
 * Continues an unfinished import of the same root and version. Otherwise removes any other
 * unfinished import, and begins a new one.
 */
function begin(store: StoreContext, { root, version }: { root: Root; version: number }): void {
  const staged = readStaged(store);
  const isSame = staged?.version === version && equalBytes(staged.root, root);
  if (isSame && !staged.isClearing) return;
  const head = readHead(store);
  const slot = head === undefined ? 0 : otherSlot(head.slot);
  const fresh: Staged = { version, root, slot, index: 0, next: FIRST_PATH, isClearing: true };
  // Marked as clearing first, so that a crash leaves no pairs that would count.
  store.root.transactionSync(() => writeStaged(store, fresh));
  clearSlot(store, slot);
  store.root.transactionSync(() => writeStaged(store, { ...fresh, isClearing: false }));
}

/**
 * Removes the entries of a replaced tree, and those of an unfinished import whose version is not
 * above the stored one. Removes nothing while an import to a higher version is unfinished.
 */
export function reclaim(store: StoreContext): void {
  const head = readHead(store);
  const staged = readStaged(store);
  if (head === undefined || (staged?.version ?? 0) > head.version) return;
  if (staged !== undefined) store.root.transactionSync(() => removeStaged(store));
  clearSlot(store, otherSlot(head.slot));
}

function accept(store: StoreContext, staged: Staged, bytes: Uint8Array): void {
  const { root, version, slot, index, next } = staged;
  const nothing = createTree({ hasher: store.hasher });
  const { chunk, known } = takeChunk(bytes, { root, index, next, known: nothing });
  releaseTree(known);
  for (const entry of chunk.proof.entries) writePair(store, slot, entry);
  const after = placeAfter(chunk.to);
  if (after !== undefined) {
    writeStaged(store, { ...staged, index: index + 1, next: after });
    return;
  }
  removeStaged(store);
  // Undo records apply to the replaced pairs.
  pruneUndos(store, version, 1);
  writeHead(store, { version, root, slot, oldest: version });
}

function checkVersion(store: StoreContext, version: number): void {
  const stored = readHead(store)?.version;
  if (Number.isSafeInteger(version) && version > (stored ?? -1)) return;
  throw new MerkleError({ code: "STORE_VERSION", store: store.name, stored, offered: version });
}

function stagedFor(store: StoreContext, wanted: { root: Root; version: number }): Staged {
  const staged = readStaged(store);
  if (staged?.version === wanted.version && equalBytes(staged.root, wanted.root)) return staged;
  throw damaged(store, `the record of the import of ${toHex(wanted.root)} is missing`);
}
