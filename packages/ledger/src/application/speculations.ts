import { releaseTree, type Tree } from "@aethel/merkle";
import type { Digest } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import type { ExecutedBlock } from "../execution/execute-block.ts";

/** A block that was executed and waits for its certificate. */
export type Executed = Extract<ExecutedBlock, { readonly type: "executed" }>;

/** Bounds of what a ledger keeps beside its present state. */
export interface SpeculationBounds {
  /** Executed blocks that wait; there is rarely more than one for a sequence. Default 8. */
  readonly speculationsMax?: number;
  /** Earlier versions of the tree that can still be read. Default 8. */
  readonly versionsMax?: number;
}

/**
 * Executed blocks of one sequence, and the latest versions of the tree. A version that leaves gives
 * back what no other has, so memory does not grow with the chain. The version with which a ledger
 * was opened is never given back: others may have it too.
 */
export interface Speculations {
  add(executed: Executed): void;
  get(digest: Digest): Executed | undefined;
  /** Makes one of them, or another, the latest version, and gives all others back. */
  settle(final: Executed): void;
}

/** Nothing executed yet. */
export function createSpeculations(
  opened: Tree,
  { speculationsMax = 8, versionsMax = 8 }: SpeculationBounds,
): Speculations {
  const waiting = new Map<string, Executed>();
  /** Oldest first; the present one is the last. */
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
