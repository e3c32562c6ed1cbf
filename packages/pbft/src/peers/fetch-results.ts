import type { Block, Digest, FinalizedBlock, Sequence } from "@aethel/models";
import type { PeerName } from "../ports.ts";

/** Results of the fetcher; nothing here is trusted before the replica has checked it. */
export interface FetchResults {
  /** True: the block is what was asked for, stop asking. */
  block(digest: Digest, block: Block): boolean;
  /** Takes a block whose outline was checked and whose items are those of the outline. */
  complete(digest: Digest, block: Block): void;
  /**
   * Holds final blocks from `from` on until their turn. Their bytes, or undefined when no honest
   * peer would have answered so.
   */
  blocks(from: Sequence, blocks: readonly FinalizedBlock[], peer: PeerName): number | undefined;
  /** The current sequence, or undefined while there is none. */
  next(): Sequence | undefined;
  /** Whether a final block of that sequence is held. */
  holds(sequence: number): boolean;
  /** Bytes of all that is held. */
  bytes(): number;
  head(sequence: Sequence, peer: PeerName): void;
  /** A peer is ahead and keeps no block that we need. */
  pruned(peer: PeerName, head: Sequence): void;
}
