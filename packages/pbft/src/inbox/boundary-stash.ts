import type { ConsensusMessage } from "@aethel/models";
import type { Delivery } from "./input-queue.ts";
import { bare } from "./triage.ts";

/** Most messages of one sender that are held, and most of them that carry a block. */
const HELD_MAX = 16;
const HELD_BLOCKS_MAX = 1;

/**
 * Messages of the next sequence that cannot be verified with the current set. The current block may
 * bring another set, with another key or leader: then they are checked again. Otherwise each
 * replica would lose the first proposal after an epoch boundary if it arrives before the boundary's
 * block is applied, and with it the view.
 */
export interface BoundaryStash {
  /**
   * Holds a message; false if the sender has too many. Senders that share an account can speak in
   * the name of every validator, so no blocks of their proposals are held.
   */
  hold(delivery: Delivery, sender: { readonly name: string; readonly isShared: boolean }): boolean;
  /** Returns all held messages and empties the stash. None of them was paid for. */
  release(): readonly Delivery[];
}

/**
 * Creates an empty stash. The caller decides what counts as one sender, and so how many there are
 * at most.
 */
export function createBoundaryStash(): BoundaryStash {
  const held = new Map<string, readonly Delivery[]>();
  return {
    hold({ message, from }, { name, isShared }) {
      const known = held.get(name) ?? [];
      const isFull = known.length >= HELD_MAX;
      const blocks = known.filter((each) => hasBlock(each.message)).length;
      const isLight = message.type !== "pre-prepare" || !isShared;
      const kept = isLight ? message : bare(message.proposal);
      if (isFull || (hasBlock(kept) && blocks >= HELD_BLOCKS_MAX)) return false;
      held.set(name, [...known, { message: kept, from }]);
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
