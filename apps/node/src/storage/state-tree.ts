import type { Tree } from "@aethel/merkle";
import {
  createTreeStore,
  type StoredTree,
  type TreeStore,
  type TreeStoreOptions,
} from "@aethel/merkle/lmdb";
import { equalBytes } from "@aethel/models";
import type { RootDatabase } from "lmdb";
import { stateHasher } from "./state-hasher.ts";

/** Trees that were checked against the root of their version a moment ago, by environment. */
const checked = new WeakMap<RootDatabase, StoredTree>();

/**
 * Opens the store of the state in an environment. `keep`: number of versions that stay readable.
 * The first `load` after an import returns the tree that the import checked, and does not read the
 * whole state again.
 */
export function openStateTree(
  root: RootDatabase,
  options: Pick<TreeStoreOptions, "keep"> = {},
): TreeStore {
  const store = createTreeStore(root, { name: "state", hasher: stateHasher(), ...options });
  return {
    ...store,
    load: (wanted) => {
      const known = checked.get(root);
      checked.delete(root);
      const head = store.head();
      const isStored =
        wanted === undefined &&
        known !== undefined &&
        known.version === head?.version &&
        equalBytes(known.root, head.root);
      return isStored ? known : store.load(wanted);
    },
  };
}

/** Keeps a tree that an import has just checked for the next `load`. */
export function rememberChecked(root: RootDatabase, tree: Tree, version: number): void {
  checked.set(root, { tree, version, root: tree.root });
}
