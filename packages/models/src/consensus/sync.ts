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

/** Request of one replica to another. */
export const SyncRequest = union("SyncRequest", {
  /** Requests a proposed or finalized block by its digest. */
  block: struct("BlockRequest", { digest }),
  /** Requests up to `count` finalized blocks, from the sequence `from` on. */
  blocks: struct("BlocksRequest", { from: sequence, count: natural(2, SYNC_BLOCKS_MAX) }),
  /**
   * Requests the peer's last finalized sequence. `known` is the last finalized sequence of the
   * requester.
   */
  head: struct("HeadRequest", { known: sequence }),
  /** Requests up to `count` finalized headers, the last of which is at sequence `to`. */
  headers: struct("HeadersRequest", { to: sequence, count: natural(2, SYNC_HEADERS_MAX) }),
  /** Offers evidence that the sender found. The peer answers with `head`. */
  evidence: struct("EvidenceOffer", { item: Evidence }),
  /**
   * Requests the peer's head, signed with the peer's consensus key. `validator` is the requester.
   * `listening` says that the requester has lost its signing state and follows without signing.
   */
  "signed-head": struct("SignedHeadRequest", {
    nonce: digest,
    validator: accountId,
    listening: boolean,
  }),
  /**
   * Requests items of a proposed or finalized block, by the block's digest and the items' indices
   * in it, ascending.
   */
  items: struct("ItemsRequest", { digest, places: list(natural(2), ITEMS_MAX) }),
});
export type SyncRequest = Infer<typeof SyncRequest>;

/**
 * Answer to a request. Blocks are verified by digest or certificate, so it does not matter who
 * sends them.
 */
export const SyncResponse = union("SyncResponse", {
  block: struct("BlockResponse", { block: Block }),
  blocks: struct("BlocksResponse", { blocks: list(FinalizedBlock, SYNC_BLOCKS_MAX) }),
  head: struct("HeadResponse", { sequence, digest }),
  /** Headers in ascending order; each is the parent of the next. */
  headers: struct("HeadersResponse", { headers: list(BlockHeader, SYNC_HEADERS_MAX) }),
  /** Says that the peer does not have what was requested. `head` is its last finalized sequence. */
  absent: struct("AbsentResponse", { head: sequence }),
  /** Head of the answering validator, and the recent messages of the requester that it has seen. */
  "signed-head": struct("SignedHeadResponse", {
    validator: accountId,
    sequence,
    digest,
    signature,
    seen: list(ConsensusMessage, SEEN_MESSAGES_MAX),
  }),
  /** Requested items, in the order of their indices in the block. */
  items: struct("ItemsResponse", { items: withinBytes(list(Item, ITEMS_MAX), BLOCK_BYTES_MAX) }),
});
export type SyncResponse = Infer<typeof SyncResponse>;
