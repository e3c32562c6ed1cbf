import { assert, type Root, toRoot } from "@aethel/models";
import { toBytes } from "../hashing/digest-words.ts";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import { checkKey } from "../limits.ts";
import { Arena, EMPTY, NOTHING, type Ref } from "../nodes/arena.ts";
import { type Change, collectEdits } from "../nodes/edits.ts";
import { findLeaf, findLeaves } from "../nodes/find-leaves.ts";
import { applyEdits } from "../nodes/merge.ts";
import { VersionHandle } from "../nodes/version-handle.ts";

export type { Change } from "../nodes/edits.ts";

/** A key with its value, as copies that belong to the receiver. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * One version of an authenticated key-value tree. A version never changes: `update` makes another
 * one, which shares the unchanged nodes with it.
 */
export interface Tree {
  /**
   * Root hash, a function of the content alone. It is computed at the first access, so a series
   * of updates costs the hashes of the last version only. Each access gives a copy.
   */
  readonly root: Root;
  /** Number of keys. */
  readonly size: number;
  /** Gives a copy of the value, or undefined. @throws MerkleError `KEY_LENGTH`. */
  readonly get: (key: Uint8Array) => Uint8Array | undefined;
  /**
   * Gives the values of many keys in their order, faster than one `get` for each.
   * @throws MerkleError `KEY_LENGTH`.
   */
  readonly getMany: (keys: readonly Uint8Array[]) => readonly (Uint8Array | undefined)[];
  /**
   * Makes the version after the changes, whose keys and values are copied. The last of several
   * changes of one key counts; deleting an absent key changes nothing.
   * @throws MerkleError `KEY_LENGTH` or `VALUE_LENGTH`; no version is made then.
   */
  readonly update: (changes: Iterable<Change>) => Tree;
  /** Iterates over all entries in the order of the hashed keys. */
  readonly entries: () => IterableIterator<Entry>;
}

const handles = new WeakMap<Tree, VersionHandle>();

/** Handle of a version; a `Tree` itself gives no access to it. */
export function handleOf(tree: Tree): VersionHandle {
  const handle = handles.get(tree);
  assert(handle !== undefined, "a tree is made by createTree or update");
  return handle;
}

/** Hasher of a tree and of all versions made from it. */
export function hasherOf(tree: Tree): Hasher {
  return handleOf(tree).hasher;
}

/** Creates an empty tree; it and all versions made from it use `hasher`. */
export function createTree({ hasher = nobleHasher }: { readonly hasher?: Hasher } = {}): Tree {
  return version(new VersionHandle({ arena: new Arena(), root: NOTHING, size: 0, hasher }));
}

/** Empty tree on the default hasher. */
export const emptyTree: Tree = createTree();

/**
 * Releases a version: reading it throws `RELEASED` from now on, and the nodes that no other version
 * shares are freed. Note that an update without effect returns the same version, not a new one.
 * Garbage collection frees versions too, but only between turns of the event loop: a loop that
 * makes many versions without yielding should release them.
 */
export function releaseTree(tree: Tree): void {
  handleOf(tree).release();
}

function version(handle: VersionHandle): Tree {
  const tree: Tree = {
    get root() {
      const { words, at } = handle.hashedRoot;
      return toRoot(toBytes(words, at));
    },
    size: handle.size,
    get: (key) => {
      checkKey(key);
      const leaf = findLeaf(handle, key);
      return leaf === undefined ? undefined : handle.arena.leaves.valueOf(leaf);
    },
    getMany: (keys) => getMany(handle, keys),
    update: (changes) => update(tree, changes),
    entries: () => entriesOf(handle),
  };
  handles.set(tree, handle);
  return tree;
}

/** Most chunks, about 16 MiB, that are kept for the next update. */
const SCRATCH_CHUNKS_MAX = 24;

function update(tree: Tree, changes: Iterable<Change>): Tree {
  const handle = handleOf(tree);
  const { hasher } = handle;
  // Trees that share the empty version alone get arenas of their own.
  const arena = handle.ref === EMPTY ? new Arena() : handle.arena;
  // Taken out while it is in use: the caller's iterable may update another version.
  const scratch = arena.scratch?.deref() ?? [];
  arena.scratch = undefined;
  const edits = collectEdits({ changes, hasher, scratch });
  // Checked again: the iterable may have released this version.
  if (handle.ref !== EMPTY) assert(handle.arena === arena, "a version stays in its arena");
  const { root, growth } = applyEdits({ arena, root: handle.root, edits, hasher });
  if (scratch.length <= SCRATCH_CHUNKS_MAX) arena.scratch = new WeakRef(scratch);
  if (root.ref === handle.ref) return tree;
  return version(new VersionHandle({ arena, root, size: handle.size + growth, hasher }));
}

function getMany(
  handle: VersionHandle,
  keys: readonly Uint8Array[],
): readonly (Uint8Array | undefined)[] {
  for (const key of keys) checkKey(key);
  const { leaves } = handle.arena;
  return Array.from(findLeaves(handle, keys), (leaf) =>
    leaf === EMPTY ? undefined : leaves.valueOf(leaf),
  );
}

function* entriesOf(handle: VersionHandle): IterableIterator<Entry> {
  const ahead: Ref[] = [handle.ref];
  while (ahead.length > 0) {
    // Read each time: the version may be released between two entries.
    const { arena } = handle;
    const ref = ahead.pop() ?? EMPTY;
    if (ref > 0) ahead.push(arena.childOf(ref, 1), arena.childOf(ref, 0));
    else if (ref < 0) yield { key: arena.leaves.keyOf(ref), value: arena.leaves.valueOf(ref) };
  }
}
