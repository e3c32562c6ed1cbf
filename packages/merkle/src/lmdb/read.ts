import { assert, equalBytes, type Root, toHex } from "@aethel/models";
import { createTree, keepTree, releaseTree, type Tree } from "../tree/tree.ts";
import { type Head, readHead, type StoredHead } from "./head.ts";
import { readPairs } from "./pair.ts";
import { readStaged } from "./staged.ts";
import {
  damaged,
  KEYS_END,
  pairRange,
  type Slot,
  type StoreContext,
  UNDO_RANGE,
} from "./store-context.ts";
import { readUndos } from "./undo.ts";

/** A loaded tree with its version. It has the stored root. */
export interface StoredTree extends StoredHead {
  readonly tree: Tree;
}

/** Summary of a store. Every version in it was loaded and checked. */
export interface StoreSummary extends StoredHead {
  readonly size: number;
  /** Versions that can be loaded, newest first. */
  readonly versions: readonly number[];
}

/**
 * Loads the newest version, or with `wanted` an older one by undo records. Undefined in a new
 * store, and if the version is not kept.
 */
export function load(store: StoreContext, wanted?: number): StoredTree | undefined {
  const head = readHead(store);
  const tree = readTree(store, head);
  if (head === undefined) return undefined;
  if (wanted === undefined || wanted === head.version) {
    return { tree, version: head.version, root: head.root };
  }
  if (wanted > head.version || wanted < head.oldest) return undefined;
  for (const { to, root, tree: older } of goBack(store, head, tree)) {
    if (to < wanted) return undefined;
    if (to > wanted) continue;
    checkRoot(store, older, { version: to, root });
    return { tree: older, version: to, root };
  }
  return undefined;
}

/** Restores older versions by undo records from the newest one, which is in memory already. */
export function loadOlder(
  store: StoreContext,
  newest: StoredTree,
  wanted: readonly number[],
): readonly StoredTree[] {
  const head = readHead(store);
  if (head?.version !== newest.version) return [];
  const last = Math.max(head.oldest, Math.min(...wanted));
  const found: StoredTree[] = [];
  if (last >= head.version) return found;
  const steps = goBack(store, head, keepTree(newest.tree));
  for (const { to, root, tree } of steps) {
    if (wanted.includes(to)) {
      checkRoot(store, tree, { version: to, root });
      found.push({ tree: keepTree(tree), version: to, root });
    }
    if (to > last) continue;
    releaseTree(tree);
    break;
  }
  return found;
}

/** Loads and checks every version. Undefined in a new store. */
export function verify(store: StoreContext): StoreSummary | undefined {
  const head = readHead(store);
  const tree = readTree(store, head);
  if (head === undefined) return undefined;
  const { size } = tree;
  const versions = [head.version];
  for (const { to, root, tree: older } of goBack(store, head, tree)) {
    checkRoot(store, older, { version: to, root });
    versions.push(to);
  }
  return { version: head.version, root: head.root, size, versions };
}

interface Older {
  readonly to: number;
  readonly root: Root;
  readonly tree: Tree;
}

/**
 * Iterates over the older versions, newest first. Each step releases the tree of the step before.
 */
function* goBack(store: StoreContext, head: Head, newest: Tree): IterableIterator<Older> {
  let tree = newest;
  for (const { to, root, changes } of readUndos(store, head)) {
    const older = tree.update(changes);
    if (older !== tree) releaseTree(tree);
    tree = older;
    yield { to, root, tree };
  }
}

function readTree(store: StoreContext, head: Head | undefined): Tree {
  checkKinds(store);
  if (head === undefined) {
    checkNew(store);
    return createTree({ hasher: store.hasher });
  }
  const tree = treeIn(store, head.slot);
  checkRoot(store, tree, head);
  return tree;
}

/** Builds the tree of all entries in a slot. */
export function treeIn(store: StoreContext, slot: Slot): Tree {
  return createTree({ hasher: store.hasher }).update(readPairs(store, slot));
}

/** Number of entries that are read before the event loop gets a turn. */
const TURN = 20_000;

/** Builds the hashed tree of all entries in a slot, and gives the event loop turns meanwhile. */
export async function treeInTurns(store: StoreContext, slot: Slot): Promise<Tree> {
  let tree = createTree({ hasher: store.hasher });
  for (let after: Uint8Array | undefined; ; ) {
    const entries = [...readPairs(store, slot, { after, limit: TURN })];
    const last = entries.at(-1);
    if (last === undefined) return tree;
    after = store.hasher.digest(last.key);
    const larger = tree.update(entries);
    if (larger !== tree) releaseTree(tree);
    tree = larger;
    // Hashed bit by bit: all at the end would take the event loop a second for a million entries.
    assert(tree.root.length === 32, "a root has 32 bytes");
    await new Promise(setImmediate);
  }
}

function checkRoot(store: StoreContext, tree: Tree, { version, root }: StoredHead): void {
  const found = tree.root;
  if (equalBytes(found, root)) return;
  throw damaged(store, `version ${version} has root ${toHex(found)} instead of ${toHex(root)}`);
}

function checkKinds(store: StoreContext): void {
  const [unknown] = store.database.getKeys({ start: KEYS_END, limit: 1 });
  if (unknown === undefined) return;
  throw damaged(store, `there is a record under the unknown key ${toHex(unknown)}`);
}

/**
 * Checks a store without a head: it may hold the entries of an unfinished import, but no other
 * entries and no undo records.
 */
function checkNew(store: StoreContext): void {
  const slot = readStaged(store)?.slot;
  for (const range of [pairRange(0), pairRange(1), UNDO_RANGE]) {
    if (slot !== undefined && range.start[0] === pairRange(slot).start[0]) continue;
    const [first] = store.database.getKeys({ ...range, limit: 1 });
    if (first !== undefined) throw damaged(store, `it has no head, but a record ${toHex(first)}`);
  }
}
