import { equalBytes, type Root, toHex } from "@aethel/models";
import { MerkleError } from "../errors.ts";
import type { Path } from "../hashing/path.ts";
import type { Span } from "../outlines/span.ts";
import { verifyChunk } from "../snapshots/snapshot.ts";
import { snapshotFault } from "../snapshots/snapshot-fault.ts";
import type { ChunkTaker } from "../snapshots/snapshot-import.ts";
import { releaseTree, type Tree } from "../tree/tree.ts";
import { readHead, writeHead } from "./head.ts";
import { coverLanes, freshLanes, missingIn } from "./lanes.ts";
import { writePairs } from "./pair.ts";
import { treeIn, treeInTurns } from "./read.ts";
import { readStaged, removeStaged, type Staged, writeStaged } from "./staged.ts";
import {
  checkTransaction,
  clearSlot,
  damaged,
  otherSlot,
  type StoreContext,
} from "./store-context.ts";
import { pruneUndos } from "./undo.ts";

/** Extent of an accepted chunk. */
export interface AcceptedChunk extends Span {
  /** Number of its entries, and bytes of their keys and values. */
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Import of a snapshot into a store. Chunks may come in any order, may overlap and may have
 * different sizes. The progress is on the disk and has a fixed size, so another process can
 * continue the import.
 */
export interface StoreImport extends ChunkTaker {
  /** Number of chunks accepted so far. */
  readonly index: number;
  /**
   * Ranges of paths that no accepted chunk covers, ascending; empty when all entries are there. At
   * most 16: in each sixteenth of the paths an import progresses from the front to the back. A
   * chunk is accepted if it begins at or before the first path of one of these ranges and ends at
   * or after it. It may end behind the range.
   */
  readonly missing: readonly Span[];
  /**
   * Accepts a chunk. MUST be called inside a transaction of the caller. If the chunk is refused,
   * nothing is written. Reason `repeated`: other chunks have brought all of it. `missing`: it
   * begins behind the first path of a missing range. `bounds`: it does not begin at `from`, if that
   * is given.
   * @throws MerkleError `SNAPSHOT_CHUNK`, `STORE_TRANSACTION`, `STORE_VERSION`, `STORE_DAMAGED`.
   */
  readonly accept: (chunk: Uint8Array, options?: { readonly from?: Path }) => AcceptedChunk;
  /**
   * Reads all imported entries and checks that their tree has the root. Takes as long as `load`, so
   * it is called before the transaction with `finish`. Gives the event loop turns. If the root is another one, the disk has
   * changed what was written: the entries are given up, and the next `receive` begins anew.
   * @throws MerkleError `STORE_INCOMPLETE` while entries are missing, `STORE_DAMAGED`.
   */
  readonly check: () => Promise<void>;
  /**
   * Replaces the stored tree by the imported one, removes the older versions, and returns the
   * imported tree. MUST be called inside a transaction of the caller. Makes the check of `check`
   * itself unless that was called.
   * @throws MerkleError `STORE_INCOMPLETE`, `STORE_TRANSACTION`, `STORE_VERSION`, `STORE_DAMAGED`.
   */
  readonly finish: () => Tree;
}

export function receive(
  store: StoreContext,
  wanted: { readonly root: Root; readonly version: number },
): StoreImport {
  const { version } = wanted;
  checkVersion(store, version);
  begin(store, wanted);
  const isOver = (): boolean => (readHead(store)?.version ?? -1) >= version;
  const missing = (): readonly Span[] =>
    isOver() ? [] : missingIn(stagedFor(store, wanted).lanes);
  let checked: Tree | undefined;
  return {
    get index() {
      return readStaged(store)?.index ?? 0;
    },
    get next() {
      return missing()[0]?.from;
    },
    get missing() {
      return missing();
    },
    accept: (bytes, { from } = {}) => {
      checkTransaction(store);
      checkVersion(store, version);
      return accept(store, stagedFor(store, wanted), { bytes, from });
    },
    check: async () => {
      const staged = stagedFor(store, wanted);
      checkComplete(store, staged);
      const tree = await treeInTurns(store, staged.slot);
      checkRoot(store, stagedFor(store, wanted), tree);
      checked = tree;
    },
    finish: () => {
      checkTransaction(store);
      checkVersion(store, version);
      const staged = stagedFor(store, wanted);
      checkComplete(store, staged);
      checked ??= treeIn(store, staged.slot);
      checkRoot(store, staged, checked);
      finish(store, staged);
      return checked;
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
  const fresh: Staged = { version, root, slot, index: 0, lanes: freshLanes(), isClearing: true };
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

function accept(
  store: StoreContext,
  staged: Staged,
  { bytes, from: wanted }: { readonly bytes: Uint8Array; readonly from: Path | undefined },
): AcceptedChunk {
  const { root, slot, index, lanes } = staged;
  const { hasher } = store;
  // Verified first: the fault of a chunk of another tree is its proof, not its position.
  const { from, to, proof } = verifyChunk({ root, bytes, index, hasher });
  if (wanted !== undefined && !equalBytes(from, wanted)) {
    const detail = `it begins at ${toHex(from)} instead of ${toHex(wanted)}`;
    throw snapshotFault({ index, reason: "bounds", detail });
  }
  const covered = coverLanes(lanes, { from, to });
  if (typeof covered === "string") {
    const detail = `${toHex(from)} .. ${toHex(to)} covers no beginning of a missing range`;
    throw snapshotFault({ index, reason: covered, detail });
  }
  const { entries } = proof;
  writePairs(store, slot, entries);
  writeStaged(store, { ...staged, index: index + 1, lanes: covered });
  const size = entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  return { from, to, entries: entries.length, bytes: size };
}

function checkComplete({ name }: StoreContext, { lanes }: Staged): void {
  const missing = missingIn(lanes).length;
  if (missing > 0) throw new MerkleError({ code: "STORE_INCOMPLETE", store: name, missing });
}

/** Checks the root of the imported tree. If it is another one, the import is given up. */
function checkRoot(store: StoreContext, staged: Staged, tree: Tree): void {
  const { root } = staged;
  const found = tree.root;
  if (equalBytes(found, root)) return;
  releaseTree(tree);
  store.root.transactionSync(() => writeStaged(store, { ...staged, isClearing: true }));
  throw damaged(store, `the imported tree has root ${toHex(found)} instead of ${toHex(root)}`);
}

function finish(store: StoreContext, { version, root, slot }: Staged): void {
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
  const isSame = staged?.version === wanted.version && equalBytes(staged.root, wanted.root);
  if (isSame && !staged.isClearing) return staged;
  throw damaged(store, `the record of the import of ${toHex(wanted.root)} is missing`);
}
