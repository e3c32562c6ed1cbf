import type { ConsensusMessage } from "@aethel/models";

/** Messages of one sender that are held, and those of them that carry a block. */
const HELD_MAX = 16;
const HELD_BLOCKS_MAX = 1;

/**
 * Messages of the next sequence that prove nothing against the set in hand. The block in hand may
 * bring another set, with another key or another leader: then they are looked at again. Else the
 * first proposal after each such border would be lost on all whom it overtakes, and its view with it.
 */
export interface BorderStash {
  /** False: there is no room for more of this sender. */
  hold(message: ConsensusMessage, sender: string): boolean;
  /** All that is held, once; nothing is held afterwards. */
  release(): readonly ConsensusMessage[];
}

/** An empty stash. Who is a sender is for the caller to say: it bounds how many there are. */
export function createBorderStash(): BorderStash {
  const held = new Map<string, readonly ConsensusMessage[]>();
  return {
    hold(message, sender) {
      const known = held.get(sender) ?? [];
      const isFull = known.length >= HELD_MAX;
      const blocks = known.filter(hasBlock).length;
      if (isFull || (hasBlock(message) && blocks >= HELD_BLOCKS_MAX)) return false;
      held.set(sender, [...known, message]);
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
  return message.type === "pre-prepare" && message.block !== undefined;
}
