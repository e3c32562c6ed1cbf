import { assert, equalBytes, type Root, toHex } from "@aethel/models";
import type { Database, RootDatabase } from "lmdb";
import { copyBytes } from "../copy.ts";
import { MerkleError } from "../errors.ts";
import { type Hasher, nobleHasher } from "../hasher.ts";
import { checkKey, checkValue, isKeyLength, isValueLength } from "../limits.ts";
import { type Change, createTree, type Entry, type Tree } from "../tree.ts";
import { decodeHead, encodeHead, type StoredHead } from "./head.ts";

export type { StoredHead } from "./head.ts";

/** A tree as it was stored, checked against its root. */
export interface StoredTree extends StoredHead {
  readonly tree: Tree;
}

/** One tree in one LMDB environment. */
export interface TreeStore {
  /** The stored version and root as written, unchecked; undefined in a new store. One read. */
  readonly head: () => StoredHead | undefined;
  /**
   * The stored tree, built again from its keys and values: undefined in a new store.
   * @throws MerkleError `STORE_DAMAGED` unless its root is the stored one.
   */
  readonly load: () => StoredTree | undefined;
  /**
   * What `load` checks, for a command that inspects a directory.
   * @throws MerkleError `STORE_DAMAGED`.
   */
  readonly verify: () => (StoredHead & { readonly size: number }) | undefined;
  /**
   * Makes the stored tree the next version: `changes` lead from the stored content to one with
   * `root`, which is believed here and checked by `load`. MUST be called inside a transaction of
   * the caller, and is atomic with all else that this one writes. Nothing is written if it throws.
   * @throws MerkleError `STORE_TRANSACTION` outside of one, `STORE_VERSION` unless `version` is
   * above the stored one, `STORE_DAMAGED` if that cannot be read, `KEY_LENGTH`, `VALUE_LENGTH`.
   */
  readonly write: (options: {
    readonly changes: Iterable<Change>;
    readonly version: number;
    readonly root: Root;
  }) => void;
}

const REMEDY =
  "stop the node, keep a copy of the directory, then restore it from a backup or delete it and " +
  "synchronize again; if it happens twice, test the disk and the memory";

const HEAD_KEY = Uint8Array.of(0);
/** First byte of the keys of pairs; the next one ends their range. */
const PAIR = 1;

/** What the functions below share: one named database of the environment. */
interface Place {
  readonly name: string;
  readonly root: RootDatabase;
  readonly database: Database<Uint8Array, Uint8Array>;
  readonly hasher: Hasher;
}

/**
 * The tree `name` in the environment `root`, which the caller opens, may use for other things,
 * and closes. No other database of the environment may have that name. One writer at a time.
 */
export function createTreeStore(
  root: RootDatabase,
  {
    name = "tree",
    hasher = nobleHasher,
  }: { readonly name?: string; readonly hasher?: Hasher } = {},
): TreeStore {
  const database = root.openDB<Uint8Array, Uint8Array>({
    name,
    encoding: "binary",
    keyEncoding: "binary",
  });
  const place: Place = { name, root, database, hasher };
  return {
    head: () => readHead(place),
    load: () => load(place),
    verify: () => {
      const stored = load(place);
      if (stored === undefined) return undefined;
      return { version: stored.version, root: stored.root, size: stored.tree.size };
    },
    write: (options) => write(place, options),
  };
}

function readHead(place: Place): StoredHead | undefined {
  const bytes = place.database.get(HEAD_KEY);
  if (bytes === undefined) return undefined;
  const head = decodeHead(bytes);
  if (typeof head === "string") throw damaged(place, head);
  return head;
}

function load(place: Place): StoredTree | undefined {
  const head = readHead(place);
  const tree = createTree({ hasher: place.hasher }).update(readPairs(place));
  if (head === undefined) {
    if (tree.size !== 0) throw damaged(place, `it has ${tree.size} keys and no head`);
    return undefined;
  }
  const { root } = tree;
  if (!equalBytes(root, head.root)) {
    const reason = `version ${head.version} has root ${toHex(root)} instead of ${toHex(head.root)}`;
    throw damaged(place, reason);
  }
  return { tree, ...head };
}

function* readPairs(place: Place): IterableIterator<Entry> {
  for (const { key, value } of place.database.getRange({ start: Uint8Array.of(1) })) {
    if (key[0] !== PAIR || !isKeyLength(key.length - 1)) {
      throw damaged(place, `there is a record under the unknown key ${toHex(key)}`);
    }
    if (!isValueLength(value.length)) {
      throw damaged(place, `a value has ${value.length} bytes`);
    }
    yield { key: copyBytes(key, 1), value };
  }
}

function write(place: Place, options: Parameters<TreeStore["write"]>[0]): void {
  const { version, root } = options;
  if (!isInTransaction(place.root)) {
    throw new MerkleError({ code: "STORE_TRANSACTION", store: place.name });
  }
  const stored = readHead(place)?.version;
  if (!Number.isSafeInteger(version) || version <= (stored ?? -1)) {
    throw new MerkleError({ code: "STORE_VERSION", store: place.name, stored, offered: version });
  }
  assert(root.length === 32, "a root has 32 bytes");
  // All is checked before the first write: a caller may catch the error and commit the rest.
  const changes = [...options.changes];
  for (const { key, value } of changes) {
    checkKey(key);
    if (value !== undefined) checkValue(value);
  }
  for (const { key, value } of changes) {
    const at = pairKey(key);
    if (value === undefined) place.database.removeSync(at);
    else place.database.putSync(at, value);
  }
  place.database.putSync(HEAD_KEY, encodeHead({ version, root }));
}

function pairKey(key: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(key.length + 1);
  bytes[0] = PAIR;
  bytes.set(key, 1);
  return bytes;
}

function isInTransaction(root: RootDatabase): boolean {
  try {
    // Throws outside of a transaction; lmdb has no other question for it.
    root.getWriteTxnId();
    return true;
  } catch {
    return false;
  }
}

function damaged(place: Place, reason: string): MerkleError {
  return new MerkleError({ code: "STORE_DAMAGED", store: place.name, reason, remedy: REMEDY });
}
