import { FinalizedBlock, ProofBlock } from "./block.ts";
import { digest, type Infer, list, natural, sequence, struct, union } from "./codec/index.ts";
import { SYNC_BLOCKS_MAX } from "./limits.ts";

/** What one replica may ask another. */
export const SyncRequest = union("SyncRequest", {
  /** A proposed or finalized block by its digest. */
  block: struct("BlockRequest", { digest }),
  /** Finalized blocks from a sequence on, at most `count`. */
  blocks: struct("BlocksRequest", { from: sequence, count: natural(2, SYNC_BLOCKS_MAX) }),
  /** The other's last finalized sequence; `known` is the asker's own. */
  head: struct("HeadRequest", { known: sequence }),
});
export type SyncRequest = Infer<typeof SyncRequest>;

/** The answer; blocks convince by digest or certificate, never by who sent them. */
export const SyncResponse = union("SyncResponse", {
  block: struct("BlockResponse", { block: ProofBlock }),
  blocks: struct("BlocksResponse", { blocks: list(FinalizedBlock, SYNC_BLOCKS_MAX) }),
  head: struct("HeadResponse", { sequence, digest }),
  /** The peer does not have it; `head` is its last finalized sequence. */
  absent: struct("AbsentResponse", { head: sequence }),
});
export type SyncResponse = Infer<typeof SyncResponse>;
