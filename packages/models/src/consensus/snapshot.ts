import { boundedBytes, digest, type Infer, natural, sequence, struct } from "../codec/index.ts";
import { SYNC_PART_BYTES_MAX } from "../limits.ts";
import { QuorumCertificate } from "./certificate.ts";
import { BlockHeader } from "./header.ts";

const part = boundedBytes(SYNC_PART_BYTES_MAX);

/** Snapshot of the application's state that a peer says it can serve. Nothing of it is certain. */
export const SnapshotOffer = struct("SnapshotOffer", {
  /** Sequence of the block after which the state is as in the snapshot. */
  sequence,
  /** Digest of that block's header. */
  digest,
  /** Number of entries of the state. */
  entries: natural(8),
  /** Bytes of all keys and values of the state. */
  bytes: natural(8),
});
export type SnapshotOffer = Infer<typeof SnapshotOffer>;

/**
 * Block after which a snapshot was taken, with all of a replica's state at its end that is not in
 * the application's tree. Each part is certain once the header is: the header has the hashes of
 * both sets and of the leaders' record.
 */
export const SnapshotHead = struct("SnapshotHead", {
  header: BlockHeader,
  certificate: QuorumCertificate,
  /** Canonical bytes of the set that voted on the block. */
  validators: part,
  /** Canonical bytes of the set that votes on the next block. */
  nextValidators: part,
  /** Leaders' record after the block. Empty if the chain has none. */
  leadership: part,
});
export type SnapshotHead = Infer<typeof SnapshotHead>;
