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

/** A key and its value, both copies that the receiver may change. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * One version of an authenticated key-value tree. A version never changes: `update` makes another
 * version, which shares the unchanged nodes.
 */
export interface Tree {
  /**
   * Root hash. It depends only on the content. It is computed at the first access, so after a
   * series of updates only the last version is hashed. Each access returns a copy.
   */
  readonly root: Root;
  /** Number of keys in this version. */
  readonly size: number;
  /**
   * Returns a copy of the value, or undefined if the key is absent.
   * @throws MerkleError `KEY_LENGTH`.
   */
  readonly get: (key: Uint8Array) => Uint8Array | undefined;
  /**
   * Returns the values of many keys in the order of the keys, faster than one `get` for each.
   * Undefined for an absent key.
   * @throws MerkleError `KEY_LENGTH`.
   */
  readonly getMany: (keys: readonly Uint8Array[]) => readonly (Uint8Array | undefined)[];
  /**
   * Makes the version after the changes. Keys and values are copied. If a key has several changes,
   * the last one counts. Deleting an absent key changes nothing.
   * @throws MerkleError `KEY_LENGTH` or `VALUE_LENGTH`; no version is made then.
   */
  readonly update: (changes: Iterable<Change>) => Tree;
  /** Iterates over all entries in the order of the hashed keys. */
  readonly entries: () => IterableIterator<Entry>;
}

const handles = new WeakMap<Tree, VersionHandle>();

/** Returns the handle of a version, to which `Tree` itself gives no access. */
export function handleOf(tree: Tree): VersionHandle {
  const handle = handles.get(tree);
  assert(handle !== undefined, "a tree is made by createTree or update");
  return handle;
}

/** Returns the hasher of a tree. All versions made from it have the same one. */
export function hasherOf(tree: Tree): Hasher {
  return handleOf(tree).hasher;
}

/** Creates an empty tree. The tree and all versions made from it use `hasher`. */
export function createTree({ hasher = nobleHasher }: { readonly hasher?: Hasher } = {}): Tree {
  return version(new VersionHandle({ arena: new Arena(), root: NOTHING, size: 0, hasher }));
}

/** Empty tree that uses the default hasher. */
export const emptyTree: Tree = createTree();

/**
 * Releases a version: reading it throws `RELEASED` from now on, and the nodes that no other version
 * shares are freed. Note that an update without effect returns the same version, not a new one. The
 * garbage collector frees versions too, but only between turns of the event loop: a loop that makes
 * many versions without yielding should release them.
 */
export function releaseTree(tree: Tree): void {
  handleOf(tree).release();
}

/**
 * Returns the same version once more. It shares all nodes, costs nothing, and stays readable when
 * the given one is released; the two are released independently.
 */
export function keepTree(tree: Tree): Tree {
  const { arena, hasher, size, hashedRoot: root } = handleOf(tree);
  return version(new VersionHandle({ arena, root, size, hasher }));
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

/** Greatest number of chunks (together about 16 MiB) that are kept for the next update. */
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
