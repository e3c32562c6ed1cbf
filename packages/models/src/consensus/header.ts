import {
  accountId,
  boundedBytes,
  digest,
  enumeration,
  type Infer,
  root,
  sequence,
  struct,
  timestamp,
} from "../codec/index.ts";
import type { Digest } from "../ids.ts";
import { APPLICATION_HEADER_BYTES_MAX } from "../limits.ts";

/** Version of the wire format of a header and a body: their first byte. */
export const WireVersion = enumeration(["v1"]);
export type WireVersion = Infer<typeof WireVersion>;

/** Version that this code writes. */
export const WIRE_VERSION: WireVersion = "v1";

/**
 * Header of a block, whose digest a quorum signs. It does not contain the view: a block that is
 * proposed again in a later view is the same block, with its first proposer.
 */
export const BlockHeader = struct("BlockHeader", {
  version: WireVersion,
  /** Genesis hash, which names the chain. */
  chain: digest,
  sequence,
  /** Milliseconds; at least the parent's plus the minimum block interval. Execution ignores it. */
  timestamp,
  /** Digest of the previous header; at sequence 1, of the genesis header. */
  parent: digest,
  /** Root over the items of the body. */
  payloadRoot: root,
  /** Root over the annex of the body. */
  annexRoot: root,
  evidenceRoot: root,
  /** Digest of the parent's commit certificate in the body; zero when there is none. */
  parentCertificateRoot: digest,
  /** Hash of the set that votes on this block. */
  validators: digest,
  /** Hash of the set that votes on the next one. */
  nextValidators: digest,
  /**
   * Hash of the record of who is passed over as leader, after this block; zero when it is empty.
   */
  leadership: digest,
  /** Id of the validator that built the block. */
  proposer: accountId,
  /** Bytes that the application alone reads, such as the root of its state after the block. */
  application: boundedBytes(APPLICATION_HEADER_BYTES_MAX),
});
export type BlockHeader = Infer<typeof BlockHeader>;

/** The digest that votes name: SHA-256 of the header's canonical bytes. */
export function blockDigest(header: BlockHeader): Digest {
  return BlockHeader.digest(header);
}
