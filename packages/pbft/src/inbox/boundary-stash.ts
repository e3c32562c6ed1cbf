import type { ConsensusMessage } from "@aethel/models";
import { bare } from "./triage.ts";

/** Messages of one sender that are held, and those of them that carry a block. */
const HELD_MAX = 16;
const HELD_BLOCKS_MAX = 1;

/**
 * Messages of the next sequence that prove nothing against the current set. The current block may
 * bring another set, with another key or another leader: then they are looked at again. Else the
 * first proposal after each such boundary would be lost on all whom it overtakes, and its view with
 * it.
 */
export interface BoundaryStash {
  /**
   * False: there is no room for more of this sender. Whoever shares an account speaks in the name
   * of every validator, so of their proposals no blocks are held.
   */
  hold(
    message: ConsensusMessage,
    sender: { readonly name: string; readonly isShared: boolean },
  ): boolean;
  /** All that is held, once; nothing is held afterwards. */
  release(): readonly ConsensusMessage[];
}

/** An empty stash. Who is a sender is for the caller to say: it bounds how many there are. */
export function createBoundaryStash(): BoundaryStash {
  const held = new Map<string, readonly ConsensusMessage[]>();
  return {
    hold(message, { name, isShared }) {
      const known = held.get(name) ?? [];
      const isFull = known.length >= HELD_MAX;
      const blocks = known.filter(hasBlock).length;
      const isLight = message.type !== "pre-prepare" || !isShared;
      const kept = isLight ? message : bare(message.proposal);
      if (isFull || (hasBlock(kept) && blocks >= HELD_BLOCKS_MAX)) return false;
      held.set(name, [...known, kept]);
      return true;
    },
    release() {
      const all = [...held.values()].flat();
      held.clear();
      return all;
    },
  };
}

function hasBlock(message: ConsensusMessage): boolean {
  return message.type === "pre-prepare" && message.outline !== undefined;
}
