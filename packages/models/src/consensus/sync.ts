import {
  accountId,
  boolean,
  boundedBytes,
  digest,
  fixedBytes,
  type Infer,
  list,
  natural,
  optional,
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
  SNAPSHOT_CHUNK_BYTES_MAX,
  SNAPSHOT_OFFERS_MAX,
  SYNC_BLOCKS_MAX,
  SYNC_HEADERS_MAX,
  SYNC_PART_BYTES_MAX,
  SYNC_UPDATES_BYTES_MAX,
  SYNC_UPDATES_MAX,
} from "../limits.ts";
import { Block, FinalizedBlock } from "./block.ts";
import { QuorumCertificate } from "./certificate.ts";
import { Evidence } from "./evidence.ts";
import { BlockHeader } from "./header.ts";
import { Item } from "./item.ts";
import { ConsensusMessage } from "./messages.ts";
import { SnapshotHead, SnapshotOffer } from "./snapshot.ts";

/**
 * Header with the certificate that makes it final. `nextValidators`: canonical bytes of the set
 * that votes on the next block. Undefined if the header does not change the set.
 */
export const CertifiedHeader = struct("CertifiedHeader", {
  header: BlockHeader,
  certificate: QuorumCertificate,
  nextValidators: optional(boundedBytes(SYNC_PART_BYTES_MAX)),
});
export type CertifiedHeader = Infer<typeof CertifiedHeader>;

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
  /**
   * Requests the final headers after the sequence `after` that change the validator set, ascending,
   * and then the last final header.
   */
  updates: struct("UpdatesRequest", { after: sequence }),
  /** Requests the snapshots that the peer serves, of blocks at or above the sequence `from`. */
  snapshots: struct("SnapshotsRequest", { from: sequence }),
  /** Requests the block of a snapshot, by its sequence, without its body. */
  "snapshot-head": struct("SnapshotHeadRequest", { sequence }),
  /**
   * Requests the part of the snapshot of the block at `sequence` that begins at the path `from`. The
   * peer decides where the part ends.
   */
  "snapshot-chunk": struct("SnapshotChunkRequest", { sequence, from: fixedBytes(32) }),
});
export type SyncRequest = Infer<typeof SyncRequest>;

/**
 * Answer to a request. Blocks are verified by digest or certificate, so it does not matter who
 * sends them.
 */
export const SyncResponse = union("SyncResponse", {
  block: struct("BlockResponse", { block: Block }),
  blocks: struct("BlocksResponse", { blocks: list(FinalizedBlock, SYNC_BLOCKS_MAX) }),
  /**
   * Last final block of the peer. It keeps all final blocks from the sequence `oldest` on, and none
   * below it.
   */
  head: struct("HeadResponse", { sequence, digest, oldest: sequence }),
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
  /**
   * Says that the peer has deleted what was requested. `head` is its last finalized sequence. It
   * keeps all final blocks from the sequence `oldest` on, and none below it.
   */
  pruned: struct("PrunedResponse", { head: sequence, oldest: sequence }),
  /** Requested headers, in ascending order. The answer may end before the last one. */
  updates: struct("UpdatesResponse", {
    updates: withinBytes(list(CertifiedHeader, SYNC_UPDATES_MAX), SYNC_UPDATES_BYTES_MAX),
  }),
  /** Snapshots that the peer serves, in ascending order of their sequences. */
  snapshots: struct("SnapshotsResponse", { offers: list(SnapshotOffer, SNAPSHOT_OFFERS_MAX) }),
  "snapshot-head": struct("SnapshotHeadResponse", { head: SnapshotHead }),
  /** Part of a snapshot. Only the application reads it, and checks it against the state's root. */
  "snapshot-chunk": struct("SnapshotChunkResponse", {
    chunk: boundedBytes(SNAPSHOT_CHUNK_BYTES_MAX),
  }),
});
export type SyncResponse = Infer<typeof SyncResponse>;
