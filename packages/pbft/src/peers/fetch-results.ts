import type { Block, Digest, FinalizedBlock, Sequence } from "@aethel/models";
import type { PeerName } from "../ports.ts";

/**
 * Receiver of the fetcher's results, which checks them: the fetcher does not trust what peers send.
 */
export interface FetchResults {
  /** Takes a block. Returns true if it is the requested one, so that the search ends. */
  block(digest: Digest, block: Block): boolean;
  /** Takes a block whose outline was checked and whose items match the outline. */
  complete(digest: Digest, block: Block): void;
  /**
   * Keeps final blocks from `from` on until they can be applied. Returns the size of all of them in
   * bytes. Undefined if no honest peer would have given this answer.
   */
  blocks(from: Sequence, blocks: readonly FinalizedBlock[], peer: PeerName): number | undefined;
  /** Returns the current sequence. Undefined before the replica has a state. */
  next(): Sequence | undefined;
  /** Whether a final block of that sequence is kept. */
  holds(sequence: number): boolean;
  /** Returns the bytes of all kept blocks. */
  bytes(): number;
  head(sequence: Sequence, peer: PeerName): void;
  /**
   * Handles that no peer gives the next block, and `peers` of them say that they have deleted it.
   * `head`: highest sequence that one of these claims to have finalized.
   */
  pruned(head: Sequence, peers: number): void;
}
