import {
  accountId,
  boolean,
  digest,
  type Infer,
  list,
  natural,
  sequence,
  signature,
  struct,
  union,
  withinBytes,
} from "../codec/index.ts";
import {
  BLOCK_BYTES_MAX,
  ITEMS_MAX,
  SEEN_MESSAGES_MAX,
  SYNC_BLOCKS_MAX,
  SYNC_HEADERS_MAX,
} from "../limits.ts";
import { Block, FinalizedBlock } from "./block.ts";
import { Evidence } from "./evidence.ts";
import { BlockHeader } from "./header.ts";
import { Item } from "./item.ts";
import { ConsensusMessage } from "./messages.ts";

/** What one replica may ask another. */
export const SyncRequest = union("SyncRequest", {
  /** A proposed or finalized block by its digest. */
  block: struct("BlockRequest", { digest }),
  /** Finalized blocks from a sequence on, at most `count`. */
  blocks: struct("BlocksRequest", { from: sequence, count: natural(2, SYNC_BLOCKS_MAX) }),
  /** The other's last finalized sequence; `known` is the asker's own. */
  head: struct("HeadRequest", { known: sequence }),
  /** Headers that end with the finalized one of sequence `to`, at most `count`. */
  headers: struct("HeadersRequest", { to: sequence, count: natural(2, SYNC_HEADERS_MAX) }),
  /** Not a question: evidence that the asker has found. The answer is a `head`. */
  evidence: struct("EvidenceOffer", { item: Evidence }),
  /**
   * The other's head, signed by the key with which it votes. `validator` is who asks; `listening`: it
   * has lost its signing state, and waits for the chain to go on.
   */
  "signed-head": struct("SignedHeadRequest", {
    nonce: digest,
    validator: accountId,
    listening: boolean,
  }),
  /** Items of a proposed or finalized block, by its digest and their places in it, ascending. */
  items: struct("ItemsRequest", { digest, places: list(natural(2), ITEMS_MAX) }),
});
export type SyncRequest = Infer<typeof SyncRequest>;

/** The answer; blocks convince by digest or certificate, never by who sent them. */
export const SyncResponse = union("SyncResponse", {
  block: struct("BlockResponse", { block: Block }),
  blocks: struct("BlocksResponse", { blocks: list(FinalizedBlock, SYNC_BLOCKS_MAX) }),
  head: struct("HeadResponse", { sequence, digest }),
  /** Ascending; each is the parent of the next. */
  headers: struct("HeadersResponse", { headers: list(BlockHeader, SYNC_HEADERS_MAX) }),
  /** The peer does not have it; `head` is its last finalized sequence. */
  absent: struct("AbsentResponse", { head: sequence }),
  /** Who answers, its head, and all that it holds of what the asker has signed lately. */
  "signed-head": struct("SignedHeadResponse", {
    validator: accountId,
    sequence,
    digest,
    signature,
    seen: list(ConsensusMessage, SEEN_MESSAGES_MAX),
  }),
  /** All that were asked for, in the order of their places. */
  items: struct("ItemsResponse", { items: withinBytes(list(Item, ITEMS_MAX), BLOCK_BYTES_MAX) }),
});
export type SyncResponse = Infer<typeof SyncResponse>;
