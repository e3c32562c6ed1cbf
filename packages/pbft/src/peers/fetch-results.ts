import type { Block, Digest, FinalizedBlock, Sequence } from "@aethel/models";
import type { PeerName } from "../ports.ts";

/** Results of the fetcher; nothing here is trusted before the replica has checked it. */
export interface FetchResults {
  /** Takes a block; true if it is the one that was asked for, so that asking ends. */
  block(digest: Digest, block: Block): boolean;
  /** Takes a block whose outline was checked and whose items are those of the outline. */
  complete(digest: Digest, block: Block): void;
  /**
   * Holds final blocks from `from` on until their turn. Returns the size of all of them in bytes;
   * undefined if no honest peer would have answered so.
   */
  blocks(from: Sequence, blocks: readonly FinalizedBlock[], peer: PeerName): number | undefined;
  /** The current sequence, or undefined while there is none. */
  next(): Sequence | undefined;
  /** Whether a final block of that sequence is held. */
  holds(sequence: number): boolean;
  /** Bytes of all that is held. */
  bytes(): number;
  head(sequence: Sequence, peer: PeerName): void;
  /** Handles a peer that is ahead and no longer keeps a block that is needed here. */
  pruned(peer: PeerName, head: Sequence): void;
}
