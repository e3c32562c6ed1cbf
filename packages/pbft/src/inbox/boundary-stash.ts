import type { ConsensusMessage } from "@aethel/models";
import type { Delivery } from "./input-queue.ts";
import { bare } from "./triage.ts";

/**
 * Most messages of one sender that wait here for the next validator set. `HELD_BLOCKS_MAX`: most of
 * them that carry a block.
 */
const HELD_MAX = 16;
const HELD_BLOCKS_MAX = 1;

/**
 * Messages of the next sequence that cannot be verified with the current validator set. The current
 * block may be an epoch boundary and bring another set, with other keys and leaders, and the
 * messages are then checked again. Otherwise, a proposal that arrives before the boundary's block
 * is applied would be lost, and with it the view.
 */
export interface BoundaryStash {
  /**
   * Holds a message until the current block has been applied. Returns false if the sender has too
   * many. `isShared`: several peers are counted as one sender. They can name any validator as
   * signer, so no blocks of their proposals are held.
   */
  hold(delivery: Delivery, sender: { readonly name: string; readonly isShared: boolean }): boolean;
  /**
   * Returns all messages that wait here and forgets them. No sender was charged for any of them.
   */
  release(): readonly Delivery[];
}

/**
 * Creates an empty stash (messages that wait for the next validator set). The caller decides what
 * counts as one sender, and so bounds the number of senders.
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
