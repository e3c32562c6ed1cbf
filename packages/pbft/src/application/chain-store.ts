import { type BlockHeader, FinalizedBlock, type Sequence } from "@aethel/models";
import { boundedBytes, type Codec, struct } from "@aethel/models/codec";
import { LeadershipRecord } from "../schedule/record.ts";

/** Final block, with the leaders' record that consensus gives to an application along with it. */
export const StoredBlock: Codec<{
  readonly finalized: FinalizedBlock;
  readonly leadership: Uint8Array;
}> = struct("StoredBlock", {
  finalized: FinalizedBlock,
  /** Encoded leaders' record (facts about past leaders) after the block. */
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
 * not done, and the caller repeats it later.
 */
export interface ChainStore {
  /**
   * Returns the number of stored blocks, which begin at sequence 1, and the state that was saved
   * last. The state is undefined if none was saved.
   */
  load(): Promise<{ readonly blocks: number; readonly state: StoredState | undefined }>;
  /**
   * Appends the next block. The block is durable when this resolves. After a rejection, the same
   * block is appended again. After a crash, the store may have the block or not.
   */
  append(block: StoredBlock): Promise<void>;
  /** Returns the block of a sequence; undefined if it is not stored. */
  block(sequence: Sequence): Promise<StoredBlock | undefined>;
  /**
   * Returns the header of the block of a sequence, without reading the rest of the block. Undefined
   * if the block is not stored.
   */
  header(sequence: Sequence): Promise<BlockHeader | undefined>;
  /** Replaces the saved state atomically. */
  saveState(state: StoredState): Promise<void>;
}

/** Creates a store in memory, for tests. Its content is lost when the process ends. */
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
