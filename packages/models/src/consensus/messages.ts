import {
  type Codec,
  digest,
  type Infer,
  list,
  optional,
  sequence,
  signature,
  struct,
  union,
  validatorIndex,
  view,
} from "../codec/index.ts";
import type { Digest, Signature, ValidatorIndex } from "../ids.ts";
import { VALIDATORS_MAX } from "../limits.ts";
import { QuorumCertificate } from "./certificate.ts";
import { BlockOutline } from "./outline.ts";
import { Proposal } from "./proposal.ts";
import { Prepared, ViewChangeBody } from "./view-change.ts";

const vote = { sequence, view, digest, voter: validatorIndex, signature };

/**
 * Proposal of a new block. In view 0 it contains the outline of the block, which saves a round
 * trip. In later views the leader sends a NewView, without an outline.
 */
export const PrePrepare: Codec<{
  readonly proposal: Proposal;
  readonly outline: BlockOutline | undefined;
}> = struct("PrePrepare", { proposal: Proposal, outline: optional(BlockOutline) });
export type PrePrepare = Infer<typeof PrePrepare>;

/**
 * Vote of a replica whose application accepted the block. With a quorum of these votes the block is
 * prepared.
 */
export const Prepare = struct("Prepare", vote);
export type Prepare = Infer<typeof Prepare>;

/**
 * Vote of a replica that holds a PREPARE certificate durably. With a quorum of these votes the
 * block is final.
 */
export const Commit = struct("Commit", vote);
export type Commit = Infer<typeof Commit>;

/**
 * Request for a later view. The certificates justify the body; they are attached and not signed. A
 * message without the certificates that its body requires is dropped.
 */
export const ViewChange: Codec<{
  readonly body: ViewChangeBody;
  readonly voter: ValidatorIndex;
  readonly signature: Signature;
  /** Commit certificate of the parent. Undefined if the parent is the genesis block. */
  readonly parentCertificate: QuorumCertificate | undefined;
  /** PREPARE certificate of `body.prepared`. Undefined exactly if `body.prepared` is undefined. */
  readonly prepareCertificate: QuorumCertificate | undefined;
}> = struct("ViewChange", {
  body: ViewChangeBody,
  voter: validatorIndex,
  signature,
  parentCertificate: optional(QuorumCertificate),
  prepareCertificate: optional(QuorumCertificate),
});
export type ViewChange = Infer<typeof ViewChange>;

/**
 * Vote for a view change in a NewView: the fields of a ViewChange that differ between voters. The
 * others follow from the NewView.
 */
export const ViewChangeVote: Codec<{
  readonly voter: ValidatorIndex;
  readonly prepared: Prepared | undefined;
  readonly signature: Signature;
}> = struct("ViewChangeVote", { voter: validatorIndex, prepared: optional(Prepared), signature });
export type ViewChangeVote = Infer<typeof ViewChangeVote>;

/**
 * Proposal of the leader of a later view, with the ViewChange requests that justify it. Each vote's
 * signature is over a ViewChange body with the hash of the validator set, `proposal.sequence`,
 * `proposal.view`, `parent`, and the vote's own `prepared`.
 */
export const NewView: Codec<{
  readonly proposal: Proposal;
  readonly parent: Digest;
  /** ViewChange requests of a quorum, strictly ascending by voter. */
  readonly votes: readonly ViewChangeVote[];
  readonly parentCertificate: QuorumCertificate | undefined;
  /**
   * PREPARE certificate of the highest prepared view among the votes. Undefined if no vote names a
   * prepared block.
   */
  readonly prepareCertificate: QuorumCertificate | undefined;
}> = struct("NewView", {
  proposal: Proposal,
  parent: digest,
  votes: list(ViewChangeVote, VALIDATORS_MAX),
  parentCertificate: optional(QuorumCertificate),
  prepareCertificate: optional(QuorumCertificate),
});
export type NewView = Infer<typeof NewView>;

/** Message between replicas about one sequence. */
export const ConsensusMessage = union("ConsensusMessage", {
  "pre-prepare": PrePrepare,
  prepare: Prepare,
  commit: Commit,
  "view-change": ViewChange,
  "new-view": NewView,
});
export type ConsensusMessage = Infer<typeof ConsensusMessage>;
