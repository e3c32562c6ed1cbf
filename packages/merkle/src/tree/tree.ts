import { assert, type Root, toRoot } from "@aethel/models";
import { toBytes } from "../hashing/digest-words.ts";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import { checkKey } from "../limits.ts";
import { Arena, EMPTY, NOTHING, type Ref } from "../nodes/arena.ts";
import { type Change, collectEdits } from "../nodes/edits.ts";
import { findLeaf, findLeaves } from "../nodes/find-leaves.ts";
import { Lease } from "../nodes/lease.ts";
import { applyEdits } from "../nodes/merge.ts";

export type { Change } from "../nodes/edits.ts";

/** A key and its value. The bytes are copies: the receiver may do with them as it likes. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * One version of an authenticated key-value tree. It never changes: `update` gives another
 * version, which shares with this one all that stayed the same.
 */
export interface Tree {
  /**
   * Commits to the whole content, and depends on nothing else. Hashed when first asked for, so
   * that updates in a row cost the hashes of the last only. Each call gives a copy.
   */
  readonly root: Root;
  /** Number of keys. */
  readonly size: number;
  /** A copy of the value. @throws MerkleError `KEY_LENGTH`. */
  readonly get: (key: Uint8Array) => Uint8Array | undefined;
  /**
   * `get` for each of many keys, in their order; in less time than one by one.
   * @throws MerkleError `KEY_LENGTH`.
   */
  readonly getMany: (keys: readonly Uint8Array[]) => readonly (Uint8Array | undefined)[];
  /**
   * The version after the changes, in any order of different keys; of several changes of one key
   * the last counts, and to delete an absent key changes nothing. Keys and values are copied.
   * @throws MerkleError `KEY_LENGTH` or `VALUE_LENGTH`; then there is no new version.
   */
  readonly update: (changes: Iterable<Change>) => Tree;
  /** All keys and values in the order of the hashed keys. */
  readonly entries: () => IterableIterator<Entry>;
}

const leases = new WeakMap<Tree, Lease>();

/** What a version is made of. Kept apart from `Tree`, so that nobody outside can reach it. */
export function leaseOf(tree: Tree): Lease {
  const lease = leases.get(tree);
  assert(lease !== undefined, "a tree is made by createTree or update");
  return lease;
}

/** The hasher of a tree and of all versions made from it. */
export function hasherOf(tree: Tree): Hasher {
  return leaseOf(tree).hasher;
}

/** An empty tree that hashes with the given hasher, and so do all versions made from it. */
export function createTree({ hasher = nobleHasher }: { readonly hasher?: Hasher } = {}): Tree {
  return version(new Lease({ arena: new Arena(), root: NOTHING, size: 0, hasher }));
}

/** The tree without a key, on the default hasher. */
export const emptyTree: Tree = createTree();

/**
 * Says that this version is not needed any more: what no other version shares with it is used
 * again from now on, and to read it throws `RELEASED`. Other versions do not change; but an update
 * that changes nothing gives no other one: it gives the same. Never necessary: a version that is
 * garbage collected is given back as well, but only between turns of the event loop, so a loop that
 * makes many versions without a pause should release them.
 */
export function releaseTree(tree: Tree): void {
  leaseOf(tree).release();
}

function version(lease: Lease): Tree {
  const tree: Tree = {
    get root() {
      const { words, at } = lease.hashedRoot;
      return toRoot(toBytes(words, at));
    },
    size: lease.size,
    get: (key) => {
      checkKey(key);
      const leaf = findLeaf(lease, key);
      return leaf === undefined ? undefined : lease.arena.leaves.valueOf(leaf);
    },
    getMany: (keys) => getMany(lease, keys),
    update: (changes) => update(tree, changes),
    entries: () => entriesOf(lease),
  };
  leases.set(tree, lease);
  return tree;
}

/** About 16 MiB. A weak reference keeps its target to the end of the turn, so it has a bound. */
const SCRATCH_CHUNKS_MAX = 24;

function update(tree: Tree, changes: Iterable<Change>): Tree {
  const lease = leaseOf(tree);
  const { hasher } = lease;
  // Trees that have nothing in common but the empty one share no memory either.
  const arena = lease.ref === EMPTY ? new Arena() : lease.arena;
  // Taken away while it is in use: the caller's iterable may update another version.
  const scratch = arena.scratch?.deref() ?? [];
  arena.scratch = undefined;
  const edits = collectEdits({ changes, hasher, scratch });
  // Asked again: the iterable may even have released this one.
  if (lease.ref !== EMPTY) assert(lease.arena === arena, "a version stays in its arena");
  const { root, growth } = applyEdits({ arena, root: lease.root, edits, hasher });
  if (scratch.length <= SCRATCH_CHUNKS_MAX) arena.scratch = new WeakRef(scratch);
  if (root.ref === lease.ref) return tree;
  return version(new Lease({ arena, root, size: lease.size + growth, hasher }));
}

function getMany(lease: Lease, keys: readonly Uint8Array[]): readonly (Uint8Array | undefined)[] {
  for (const key of keys) checkKey(key);
  const { leaves } = lease.arena;
  return Array.from(findLeaves(lease, keys), (leaf) =>
    leaf === EMPTY ? undefined : leaves.valueOf(leaf),
  );
}

function* entriesOf(lease: Lease): IterableIterator<Entry> {
  const ahead: Ref[] = [lease.ref];
  while (ahead.length > 0) {
    // Asked for each time: the version may be released between two entries.
    const { arena } = lease;
    const ref = ahead.pop() ?? EMPTY;
    if (ref > 0) ahead.push(arena.childOf(ref, 1), arena.childOf(ref, 0));
    else if (ref < 0) yield { key: arena.leaves.keyOf(ref), value: arena.leaves.valueOf(ref) };
  }
}
