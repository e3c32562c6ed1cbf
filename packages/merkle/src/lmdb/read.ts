import { equalBytes, type Root, toHex } from "@aethel/models";
import { createTree, releaseTree, type Tree } from "../tree/tree.ts";
import { type Head, readHead, type StoredHead } from "./head.ts";
import { readPairs } from "./pair.ts";
import { damaged, KEYS_END, type Place, pairRange, UNDO_RANGE } from "./place.ts";
import { readStaged } from "./staged.ts";
import { readUndos } from "./undo.ts";

/** A tree as it was stored, checked against its root. */
export interface StoredTree extends StoredHead {
  readonly tree: Tree;
}

/** What is stored, all of it read and checked. */
export interface StoreSummary extends StoredHead {
  readonly size: number;
  /** All versions that can be loaded, the newest first. */
  readonly versions: readonly number[];
}

/** The newest version, or an older one by the records that lead back to it. */
export function load(place: Place, wanted?: number): StoredTree | undefined {
  const head = readHead(place);
  const tree = readTree(place, head);
  if (head === undefined) return undefined;
  if (wanted === undefined || wanted === head.version) {
    return { tree, version: head.version, root: head.root };
  }
  if (wanted > head.version || wanted < head.oldest) return undefined;
  for (const { to, root, tree: older } of goBack(place, head, tree)) {
    if (to < wanted) return undefined;
    if (to > wanted) continue;
    checkRoot(place, older, { version: to, root });
    return { tree: older, version: to, root };
  }
  return undefined;
}

/** Reads and checks all that `load` may ever give. */
export function verify(place: Place): StoreSummary | undefined {
  const head = readHead(place);
  const tree = readTree(place, head);
  if (head === undefined) return undefined;
  const { size } = tree;
  const versions = [head.version];
  for (const { to, root, tree: older } of goBack(place, head, tree)) {
    checkRoot(place, older, { version: to, root });
    versions.push(to);
  }
  return { version: head.version, root: head.root, size, versions };
}

interface Older {
  readonly to: number;
  readonly root: Root;
  readonly tree: Tree;
}

/** The versions before the newest one. Of each the one before it is made, so none stays readable. */
function* goBack(place: Place, head: Head, newest: Tree): IterableIterator<Older> {
  let tree = newest;
  for (const { to, root, changes } of readUndos(place, head)) {
    const older = tree.update(changes);
    if (older !== tree) releaseTree(tree);
    tree = older;
    yield { to, root, tree };
  }
}

function readTree(place: Place, head: Head | undefined): Tree {
  checkKinds(place);
  const empty = createTree({ hasher: place.hasher });
  if (head === undefined) {
    checkNew(place);
    return empty;
  }
  const tree = empty.update(readPairs(place, head.slot));
  checkRoot(place, tree, head);
  return tree;
}

function checkRoot(place: Place, tree: Tree, { version, root }: StoredHead): void {
  const found = tree.root;
  if (equalBytes(found, root)) return;
  throw damaged(place, `version ${version} has root ${toHex(found)} instead of ${toHex(root)}`);
}

function checkKinds(place: Place): void {
  const [unknown] = place.database.getKeys({ start: KEYS_END, limit: 1 });
  if (unknown === undefined) return;
  throw damaged(place, `there is a record under the unknown key ${toHex(unknown)}`);
}

/** Without a head there may be an import, but nothing that was ever the stored tree. */
function checkNew(place: Place): void {
  const slot = readStaged(place)?.slot;
  for (const range of [pairRange(0), pairRange(1), UNDO_RANGE]) {
    if (slot !== undefined && range.start[0] === pairRange(slot).start[0]) continue;
    const [first] = place.database.getKeys({ ...range, limit: 1 });
    if (first !== undefined) throw damaged(place, `it has no head, but a record ${toHex(first)}`);
  }
}
