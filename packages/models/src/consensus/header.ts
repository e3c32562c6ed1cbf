import {
  accountId,
  amount,
  difficulty,
  digest,
  type Infer,
  natural,
  root,
  sequence,
  struct,
  timestamp,
} from "../codec/index.ts";
import type { Digest } from "../ids.ts";

/**
 * All that a quorum signs about a block, by way of its digest. The view is not in it, so a block
 * proposed again in a later view is the same block, with its first proposer.
 */
export const BlockHeader = struct("BlockHeader", {
  /** Genesis hash: the chain's name. */
  chain: digest,
  sequence,
  /** Milliseconds; at least the parent's plus the minimum block interval. Execution ignores it. */
  timestamp,
  /** Digest of the header before; at sequence 1, of the genesis header. */
  parent: digest,
  proofsRoot: root,
  verificationRoot: root,
  evidenceRoot: root,
  /** Digest of the parent's commit certificate in the body; zero when there is none. */
  parentCertificateRoot: digest,
  stateRootBefore: root,
  stateRootAfter: root,
  supplyBefore: amount,
  supplyAfter: amount,
  /** Hash of the set that votes on this block. */
  validators: digest,
  /** Hash of the set that votes on the next one. */
  nextValidators: digest,
  /** Hash of the record of who is passed over as leader, after this block; zero when it is empty. */
  leadership: digest,
  /** Id of the validator that built the block. */
  proposer: accountId,
  totalDifficulty: difficulty,
  /** It grows with kernel and prover too, which are fixed beside it in the parameters. */
  judgeVersion: natural(4),
});
export type BlockHeader = Infer<typeof BlockHeader>;

/** The digest that votes name: SHA-256 of the header's canonical bytes. */
export function blockDigest(header: BlockHeader): Digest {
  return BlockHeader.digest(header);
}
