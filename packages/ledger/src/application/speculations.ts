import { releaseTree, type Tree } from "@aethel/merkle";
import type { Digest } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import type { ExecutedBlock } from "../execution/execute-block.ts";

/** Result of executing a block that has no certificate yet. */
export type Executed = Extract<ExecutedBlock, { readonly type: "executed" }>;

/** Bounds on the versions of the state tree that a ledger keeps besides its current state. */
export interface SpeculationBounds {
  /** Most executed blocks that wait for a certificate. Usually there is one at most. Default: 8. */
  readonly speculationsMax?: number;
  /** Most versions of the tree that stay readable, the current one included. Default: 8. */
  readonly versionsMax?: number;
}

/**
 * Executed blocks of the next sequence, and the latest versions of the state tree. A version that
 * is dropped is released, so memory does not grow with the chain. The version with which the ledger
 * was opened is never released, since the caller may still hold it.
 */
export interface Speculations {
  add(executed: Executed): void;
  get(digest: Digest): Executed | undefined;
  /**
   * Makes the tree of a finalized block the latest version, and drops all other executed blocks.
   */
  settle(final: Executed): void;
}

/** Creates an empty set of executed blocks. `opened`: the tree with which the ledger was opened. */
export function createSpeculations(
  opened: Tree,
  { speculationsMax = 8, versionsMax = 8 }: SpeculationBounds,
): Speculations {
  const waiting = new Map<string, Executed>();
  /** Versions of the tree, oldest first. The last is the current one. */
  const versions: Tree[] = [];
  const release = (tree: Tree): void => {
    // An update without a change gives the same version again.
    if (tree !== opened && !versions.includes(tree)) releaseTree(tree);
  };
  return {
    add: (executed) => {
      if (waiting.size >= speculationsMax) {
        const [oldest] = waiting;
        if (oldest !== undefined) {
          waiting.delete(oldest[0]);
          release(oldest[1].state.tree);
        }
      }
      waiting.set(keyName(executed.state.digest), executed);
    },
    get: (digest) => waiting.get(keyName(digest)),
    settle: (final) => {
      const { tree } = final.state;
      if (!versions.includes(tree)) versions.push(tree);
      for (const other of waiting.values()) release(other.state.tree);
      waiting.clear();
      while (versions.length > versionsMax) {
        const oldest = versions.shift();
        if (oldest !== undefined) release(oldest);
      }
    },
  };
}
