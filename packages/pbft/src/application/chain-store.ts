import { type BlockHeader, FinalizedBlock, type Sequence } from "@aethel/models";
import { boundedBytes, type Codec, struct } from "@aethel/models/codec";
import { LeadershipRecord } from "../schedule/record.ts";

/** A final block, with the record of leaders that an application is given along with it. */
export const StoredBlock: Codec<{
  readonly finalized: FinalizedBlock;
  readonly leadership: Uint8Array;
}> = struct("StoredBlock", {
  finalized: FinalizedBlock,
  /** Record of leaders after the block. */
  leadership: boundedBytes(LeadershipRecord.maxBytes),
});
export type StoredBlock = {
  readonly finalized: FinalizedBlock;
  readonly leadership: Uint8Array;
};

/** Bytes of the state after the block of a sequence. */
export interface StoredState {
  readonly sequence: Sequence;
  readonly bytes: Uint8Array;
}

/**
 * Durable blocks and state of one replica. A call that rejects with PbftError `STORAGE` counts as
 * not done, and is made again later.
 */
export interface ChainStore {
  /** Returns how many blocks are kept, from sequence 1 on, and the last state that was saved. */
  load(): Promise<{ readonly blocks: number; readonly state: StoredState | undefined }>;
  /**
   * Keeps the next block; it is durable when this resolves. After a rejection the same block comes
   * again. After a crash it may be kept or not.
   */
  append(block: StoredBlock): Promise<void>;
  /** Returns the block of a sequence; undefined if it is not kept. */
  block(sequence: Sequence): Promise<StoredBlock | undefined>;
  /**
   * Returns the header of the block of a sequence, without reading the rest of it; undefined if the
   * block is not kept.
   */
  header(sequence: Sequence): Promise<BlockHeader | undefined>;
  /** Replaces the saved state, atomically. */
  saveState(state: StoredState): Promise<void>;
}

/** Creates a store that forgets all with its process; for tests. */
export function createMemoryChainStore(): ChainStore {
  const blocks: StoredBlock[] = [];
  let state: StoredState | undefined;
  return {
    load: async () => ({ blocks: blocks.length, state }),
    append: async (block) => {
      blocks[block.finalized.block.header.sequence - 1] = block;
    },
    block: async (sequence) => blocks[sequence - 1],
    header: async (sequence) => blocks[sequence - 1]?.finalized.block.header,
    saveState: async (saved) => {
      state = saved;
    },
  };
}
