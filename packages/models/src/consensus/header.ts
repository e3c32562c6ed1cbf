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

/** Version of the wire format. It is the first byte of a header and of a block. */
export const WireVersion = enumeration(["v1"]);
export type WireVersion = Infer<typeof WireVersion>;

/** Version that this code writes. */
export const WIRE_VERSION: WireVersion = "v1";

/**
 * Header of a block. Votes sign its digest. It does not contain the view, so a block that is
 * proposed again in a later view is the same block, with the same proposer.
 */
export const BlockHeader = struct("BlockHeader", {
  version: WireVersion,
  /** Genesis hash, which identifies the chain. */
  chain: digest,
  sequence,
  /** Milliseconds since 1970: at least the parent's timestamp plus the minimum block interval. */
  timestamp,
  /** Digest of the parent's header. At sequence 1 it is that of the genesis header. */
  parent: digest,
  /** Root over the items of the body. */
  payloadRoot: root,
  /** Root over the annex of the body. */
  annexRoot: root,
  evidenceRoot: root,
  /** Digest of the parent's commit certificate in the body. Zero bytes if there is none. */
  parentCertificateRoot: digest,
  /** Hash of the validator set that votes on this block. */
  validators: digest,
  /** Hash of the validator set that votes on the next block. */
  nextValidators: digest,
  /**
   * Hash of the record, after this block, of leaders that are passed over because they missed their
   * turns. Zero bytes if the record is empty.
   */
  leadership: digest,
  /** Id of the validator that built the block. */
  proposer: accountId,
  /** Bytes that only the application reads, such as the root of its state after the block. */
  application: boundedBytes(APPLICATION_HEADER_BYTES_MAX),
});
export type BlockHeader = Infer<typeof BlockHeader>;

/** Returns the digest that votes contain: the SHA-256 of the header's canonical bytes. */
export function blockDigest(header: BlockHeader): Digest {
  return BlockHeader.digest(header);
}
