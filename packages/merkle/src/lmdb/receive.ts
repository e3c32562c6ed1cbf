import { equalBytes, type Root, toHex } from "@aethel/models";
import { MerkleError } from "../errors.ts";
import { takeChunk } from "../snapshots/snapshot.ts";
import { FIRST_PATH, placeAfter } from "../snapshots/snapshot-chunk.ts";
import type { ChunkTaker } from "../snapshots/snapshot-import.ts";
import { createTree, releaseTree } from "../tree/tree.ts";
import { readHead, writeHead } from "./head.ts";
import { writePair } from "./pair.ts";
import { checkTransaction, clearSlot, damaged, otherSlot, type Place } from "./place.ts";
import { readStaged, removeStaged, type Staged, writeStaged } from "./staged.ts";
import { pruneUndos } from "./undo.ts";

/** An import into a store. Where it stands is on the disk: another process goes on there. */
export interface StoreImport extends ChunkTaker {
  /**
   * Takes the next chunk. MUST be called inside a transaction of the caller; one that is refused
   * writes nothing. The last chunk makes the import the stored tree, and ends the older versions.
   * @throws MerkleError `SNAPSHOT_CHUNK`, `STORE_TRANSACTION`, `STORE_VERSION`, `STORE_DAMAGED`.
   */
  readonly accept: (chunk: Uint8Array) => void;
}

export function receive(
  place: Place,
  { root, version }: { readonly root: Root; readonly version: number },
): StoreImport {
  checkVersion(place, version);
  begin(place, { root, version });
  const isOver = (): boolean => (readHead(place)?.version ?? -1) >= version;
  return {
    get index() {
      return readStaged(place)?.index ?? 0;
    },
    get next() {
      return isOver() ? undefined : stagedFor(place, { root, version }).next;
    },
    accept: (bytes) => {
      checkTransaction(place);
      checkVersion(place, version);
      accept(place, stagedFor(place, { root, version }), bytes);
    },
  };
}

/** Goes on with an import of the same tree; any other one is given up, and what it left removed. */
function begin(place: Place, { root, version }: { root: Root; version: number }): void {
  const staged = readStaged(place);
  const isSame = staged?.version === version && equalBytes(staged.root, root);
  if (isSame && !staged.isClearing) return;
  const head = readHead(place);
  const slot = head === undefined ? 0 : otherSlot(head.slot);
  const fresh: Staged = { version, root, slot, index: 0, next: FIRST_PATH, isClearing: true };
  // What is said first is that nothing there counts; then it may go bit by bit.
  place.root.transactionSync(() => writeStaged(place, fresh));
  clearSlot(place, slot);
  place.root.transactionSync(() => writeStaged(place, { ...fresh, isClearing: false }));
}

/** Removes what imports left behind that were ended or overtaken. */
export function reclaim(place: Place): void {
  const head = readHead(place);
  const staged = readStaged(place);
  if (head === undefined || (staged?.version ?? 0) > head.version) return;
  if (staged !== undefined) place.root.transactionSync(() => removeStaged(place));
  clearSlot(place, otherSlot(head.slot));
}

function accept(place: Place, staged: Staged, bytes: Uint8Array): void {
  const { root, version, slot, index, next } = staged;
  const nothing = createTree({ hasher: place.hasher });
  const { chunk, known } = takeChunk(bytes, { root, index, next, known: nothing });
  releaseTree(known);
  for (const entry of chunk.proof.entries) writePair(place, slot, entry);
  const after = placeAfter(chunk.to);
  if (after !== undefined) {
    writeStaged(place, { ...staged, index: index + 1, next: after });
    return;
  }
  removeStaged(place);
  // The way back leads through pairs that are not there any more.
  pruneUndos(place, version, 1);
  writeHead(place, { version, root, slot, oldest: version });
}

function checkVersion(place: Place, version: number): void {
  const stored = readHead(place)?.version;
  if (Number.isSafeInteger(version) && version > (stored ?? -1)) return;
  throw new MerkleError({ code: "STORE_VERSION", store: place.name, stored, offered: version });
}

function stagedFor(place: Place, wanted: { root: Root; version: number }): Staged {
  const staged = readStaged(place);
  if (staged?.version === wanted.version && equalBytes(staged.root, wanted.root)) return staged;
  throw damaged(place, `the import of ${toHex(wanted.root)} is not there any more`);
}
