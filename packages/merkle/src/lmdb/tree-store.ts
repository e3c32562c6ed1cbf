import { assert, type Root } from "@aethel/models";
import type { RootDatabase } from "lmdb";
import { MerkleError } from "../errors.ts";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import { checkKey, checkValue } from "../limits.ts";
import type { Change } from "../tree/tree.ts";
import { readHead, type StoredHead, writeHead } from "./head.ts";
import { removePair, writePair } from "./pair.ts";
import { load, loadOlder, type StoredTree, type StoreSummary, verify } from "./read.ts";
import { receive, reclaim, type StoreImport } from "./receive.ts";
import { checkTransaction, type StoreContext } from "./store-context.ts";
import { keptVersions, pruneUndos, undoOf, writeUndo } from "./undo.ts";

/** Store of one tree in an LMDB environment. */
export interface TreeStore {
  /** Reads the stored version and root, without checking the tree. Undefined in a new store. */
  readonly head: () => StoredHead | undefined;
  /**
   * Loads the stored tree, or an older version that is kept, and builds it from its entries.
   * Undefined in a new store, and if the version is not kept.
   * @throws MerkleError `STORE_DAMAGED` unless its root is the stored one.
   */
  readonly load: (options?: { readonly version?: number }) => StoredTree | undefined;
  /**
   * Restores older versions that are kept from the newest one, which the caller has loaded. Returns
   * those of `versions` that are kept, newest first; none if `newest` is not the stored version.
   * @throws MerkleError `STORE_DAMAGED`.
   */
  readonly loadOlder: (newest: StoredTree, versions: readonly number[]) => readonly StoredTree[];
  /** Lists the versions that `load` can return, newest first, without checking them. */
  readonly versions: () => readonly number[];
  /**
   * Loads and checks every version, for a command that inspects a directory. Undefined in a new
   * store.
   * @throws MerkleError `STORE_DAMAGED`.
   */
  readonly verify: () => StoreSummary | undefined;
  /**
   * Writes the next version. `changes` must turn the stored content into content with the root
   * `root`; only `load` checks that. MUST be called inside a transaction of the caller, and is
   * atomic with the other writes of that transaction. If it throws, it has written nothing.
   * @throws MerkleError `STORE_TRANSACTION` outside a transaction, `STORE_VERSION` unless `version`
   * is above the stored one, `STORE_DAMAGED` if a replaced value cannot be read, `KEY_LENGTH`,
   * `VALUE_LENGTH`.
   */
  readonly write: (options: {
    readonly changes: Iterable<Change>;
    readonly version: number;
    readonly root: Root;
  }) => void;
  /**
   * Removes all versions but the newest `keep` (at least 1). MUST be called inside a transaction of
   * the caller. `write` also removes versions, down to the number in the store's options.
   * @throws MerkleError `STORE_TRANSACTION`, `STORE_DAMAGED`.
   */
  readonly prune: (options: { readonly keep: number }) => void;
  /**
   * Begins the import of a snapshot, or continues one with the same root and version. The stored
   * tree does not change until `finish` is committed. MUST NOT be called inside a transaction: it
   * begins transactions itself.
   * @throws MerkleError `STORE_VERSION`, `STORE_DAMAGED`.
   */
  readonly receive: (options: { readonly root: Root; readonly version: number }) => StoreImport;
  /**
   * Deletes entries that are no longer needed: those of a tree that an import has replaced, and
   * those of an unfinished import whose version is not above the stored one. Uses transactions of
   * bounded size. Only saves space, since `receive` deletes these entries too. MUST NOT be called
   * inside a transaction.
   * @throws MerkleError `STORE_DAMAGED`.
   */
  readonly reclaim: () => void;
}

/** Options of a store. */
export interface TreeStoreOptions {
  /**
   * Name of the store's database. No other database of the environment may have it. Default:
   * `tree`.
   */
  readonly name?: string;
  readonly hasher?: Hasher;
  /** Number of versions that stay readable, including the newest. Default: 1. */
  readonly keep?: number;
}

/**
 * Creates a store in the LMDB environment `root`. The caller opens and closes the environment, and
 * may keep other data in it. A store must have only one writer at a time.
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
  const store: StoreContext = { name, root, database, hasher, keep };
  return {
    head: () => {
      const head = readHead(store);
      return head === undefined ? undefined : { version: head.version, root: head.root };
    },
    load: (options) => load(store, options?.version),
    loadOlder: (newest, versions) => loadOlder(store, newest, versions),
    versions: () => {
      const head = readHead(store);
      return head === undefined ? [] : [head.version, ...keptVersions(store)];
    },
    verify: () => verify(store),
    write: (options) => write(store, options),
    prune: (options) => prune(store, options),
    receive: (options) => receive(store, options),
    reclaim: () => reclaim(store),
  };
}

function write(store: StoreContext, options: Parameters<TreeStore["write"]>[0]): void {
  const { name, keep } = store;
  const { version, root } = options;
  checkTransaction(store);
  const head = readHead(store);
  if (!Number.isSafeInteger(version) || version <= (head?.version ?? -1)) {
    const stored = head?.version;
    throw new MerkleError({ code: "STORE_VERSION", store: name, stored, offered: version });
  }
  assert(root.length === 32, "a root has 32 bytes");
  // Checked before the first write: a caller may catch the error and commit its transaction.
  const changes = [...options.changes];
  for (const { key, value } of changes) {
    checkKey(key);
    if (value !== undefined) checkValue(value);
  }
  if (head !== undefined && keep > 1) {
    const before = undoOf(store, head, changes);
    writeUndo(store, { from: version, to: head.version, root: head.root, changes: before });
  }
  const slot = head?.slot ?? 0;
  for (const { key, value } of changes) {
    if (value === undefined) removePair(store, slot, key);
    else writePair(store, slot, { key, value });
  }
  const oldest = pruneUndos(store, version, keep);
  writeHead(store, { version, root, slot, oldest });
}

function prune(store: StoreContext, { keep }: { readonly keep: number }): void {
  checkKeep(keep);
  checkTransaction(store);
  const head = readHead(store);
  if (head === undefined) return;
  writeHead(store, { ...head, oldest: pruneUndos(store, head.version, keep) });
}

function checkKeep(keep: number): void {
  assert(Number.isSafeInteger(keep) && keep >= 1, "at least one version is kept");
}
