import { assert, type Root } from "@aethel/models";
import type { RootDatabase } from "lmdb";
import { MerkleError } from "../errors.ts";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import { checkKey, checkValue } from "../limits.ts";
import type { Change } from "../tree/tree.ts";
import { readHead, type StoredHead, writeHead } from "./head.ts";
import { removePair, writePair } from "./pair.ts";
import { checkTransaction, type Place } from "./place.ts";
import { load, type StoredTree, type StoreSummary, verify } from "./read.ts";
import { receive, reclaim, type StoreImport } from "./receive.ts";
import { keptVersions, pruneUndos, undoOf, writeUndo } from "./undo.ts";

/** One tree in one LMDB environment. */
export interface TreeStore {
  /** The stored version and root as written, unchecked; undefined in a new store. One read. */
  readonly head: () => StoredHead | undefined;
  /**
   * The stored tree, built again from its keys and values, or an older version that is kept:
   * undefined in a new store, and for a version that is not kept.
   * @throws MerkleError `STORE_DAMAGED` unless its root is the stored one.
   */
  readonly load: (options?: { readonly version?: number }) => StoredTree | undefined;
  /** The versions that `load` gives, the newest first, unchecked. */
  readonly versions: () => readonly number[];
  /**
   * All that `load` checks, for every version, for a command that inspects a directory.
   * @throws MerkleError `STORE_DAMAGED`.
   */
  readonly verify: () => StoreSummary | undefined;
  /**
   * Makes the stored tree the next version: `changes` lead from the stored content to one with
   * `root`, which is believed here and checked by `load`. MUST be called inside a transaction of
   * the caller, and is atomic with all else that this one writes. Nothing is written if it throws.
   * @throws MerkleError `STORE_TRANSACTION` outside of one, `STORE_VERSION` unless `version` is
   * above the stored one, `STORE_DAMAGED` if what is replaced cannot be read, `KEY_LENGTH`,
   * `VALUE_LENGTH`.
   */
  readonly write: (options: {
    readonly changes: Iterable<Change>;
    readonly version: number;
    readonly root: Root;
  }) => void;
  /**
   * Forgets all but the newest `keep` versions, 1 at least. MUST be called inside a transaction of
   * the caller. `write` does it by itself for the number that the store was made with.
   * @throws MerkleError `STORE_TRANSACTION`, `STORE_DAMAGED`.
   */
  readonly prune: (options: { readonly keep: number }) => void;
  /**
   * Begins to import a snapshot beside the stored tree, or goes on where an earlier process was
   * stopped, when root and version are the same. The stored tree stays what it is until the last
   * chunk is committed. MUST NOT be called inside a transaction: it makes some of its own.
   * @throws MerkleError `STORE_VERSION`, `STORE_DAMAGED`.
   */
  readonly receive: (options: { readonly root: Root; readonly version: number }) => StoreImport;
  /**
   * Removes the pairs that an import has replaced, and those of an import that the stored version
   * has overtaken, in transactions of bounded size. `receive` does it too, so it is a matter of
   * space on the disk only. MUST NOT be called inside a transaction.
   * @throws MerkleError `STORE_DAMAGED`.
   */
  readonly reclaim: () => void;
}

/** How a store is made. */
export interface TreeStoreOptions {
  /** Name of its database in the environment. No other database of this one may have it. */
  readonly name?: string;
  readonly hasher?: Hasher;
  /** How many versions stay readable, the newest included: 1 by default. */
  readonly keep?: number;
}

/**
 * A tree in the environment `root`, which the caller opens, may use for other things, and closes.
 * One writer at a time.
 */
export function createTreeStore(
  root: RootDatabase,
  { name = "tree", hasher = nobleHasher, keep = 1 }: TreeStoreOptions = {},
): TreeStore {
  checkKeep(keep);
  const database = root.openDB<Uint8Array, Uint8Array>({
    name,
    encoding: "binary",
    keyEncoding: "binary",
  });
  const place: Place = { name, root, database, hasher, keep };
  return {
    head: () => {
      const head = readHead(place);
      return head === undefined ? undefined : { version: head.version, root: head.root };
    },
    load: (options) => load(place, options?.version),
    versions: () => {
      const head = readHead(place);
      return head === undefined ? [] : [head.version, ...keptVersions(place)];
    },
    verify: () => verify(place),
    write: (options) => write(place, options),
    prune: (options) => prune(place, options),
    receive: (options) => receive(place, options),
    reclaim: () => reclaim(place),
  };
}

function write(place: Place, options: Parameters<TreeStore["write"]>[0]): void {
  const { name, keep } = place;
  const { version, root } = options;
  checkTransaction(place);
  const head = readHead(place);
  if (!Number.isSafeInteger(version) || version <= (head?.version ?? -1)) {
    const stored = head?.version;
    throw new MerkleError({ code: "STORE_VERSION", store: name, stored, offered: version });
  }
  assert(root.length === 32, "a root has 32 bytes");
  // All is checked before the first write: a caller may catch the error and commit the rest.
  const changes = [...options.changes];
  for (const { key, value } of changes) {
    checkKey(key);
    if (value !== undefined) checkValue(value);
  }
  if (head !== undefined && keep > 1) {
    const before = undoOf(place, head, changes);
    writeUndo(place, { from: version, to: head.version, root: head.root, changes: before });
  }
  const slot = head?.slot ?? 0;
  for (const { key, value } of changes) {
    if (value === undefined) removePair(place, slot, key);
    else writePair(place, slot, { key, value });
  }
  const oldest = pruneUndos(place, version, keep);
  writeHead(place, { version, root, slot, oldest });
}

function prune(place: Place, { keep }: { readonly keep: number }): void {
  checkKeep(keep);
  checkTransaction(place);
  const head = readHead(place);
  if (head === undefined) return;
  writeHead(place, { ...head, oldest: pruneUndos(place, head.version, keep) });
}

function checkKeep(keep: number): void {
  assert(Number.isSafeInteger(keep) && keep >= 1, "at least one version is kept");
}
