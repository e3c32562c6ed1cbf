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
 * Fresh proposal. In view 0 it carries the outline of the block, which saves a round trip; a
 * proposal inside a NewView carries none.
 */
export const PrePrepare: Codec<{
  readonly proposal: Proposal;
  readonly outline: BlockOutline | undefined;
}> = struct("PrePrepare", { proposal: Proposal, outline: optional(BlockOutline) });
export type PrePrepare = Infer<typeof PrePrepare>;

/** Vote of a replica that validated and executed the block. A quorum of them makes it prepared. */
export const Prepare = struct("Prepare", vote);
export type Prepare = Infer<typeof Prepare>;

/**
 * Vote of a replica that durably holds a PREPARE certificate. A quorum of them makes the block
 * final.
 */
export const Commit = struct("Commit", vote);
export type Commit = Infer<typeof Commit>;

/**
 * Request for a later view. The certificates are attached, not signed, and justify the body: a
 * message without the required ones is dropped.
 */
export const ViewChange: Codec<{
  readonly body: ViewChangeBody;
  readonly voter: ValidatorIndex;
  readonly signature: Signature;
  /** Commit certificate of the parent; none when the parent is the genesis block. */
  readonly parentCertificate: QuorumCertificate | undefined;
  /** PREPARE certificate of `body.prepared`; present exactly when that is. */
  readonly prepareCertificate: QuorumCertificate | undefined;
}> = struct("ViewChange", {
  body: ViewChangeBody,
  voter: validatorIndex,
  signature,
  parentCertificate: optional(QuorumCertificate),
  prepareCertificate: optional(QuorumCertificate),
});
export type ViewChange = Infer<typeof ViewChange>;

/** Signed ViewChange body without the fields that all bodies of one NewView share. */
export const ViewChangeVote: Codec<{
  readonly voter: ValidatorIndex;
  readonly prepared: Prepared | undefined;
  readonly signature: Signature;
}> = struct("ViewChangeVote", { voter: validatorIndex, prepared: optional(Prepared), signature });
export type ViewChangeVote = Infer<typeof ViewChangeVote>;

/**
 * Proposal of the leader of a later view, with the requests that justify it. Each `votes[i]` signs
 * the body (set hash, `proposal.sequence`, `proposal.view`, `parent`, its own `prepared`).
 */
export const NewView: Codec<{
  readonly proposal: Proposal;
  readonly parent: Digest;
  /** Requests of a quorum, strictly ascending by voter. */
  readonly votes: readonly ViewChangeVote[];
  readonly parentCertificate: QuorumCertificate | undefined;
  /** PREPARE certificate of the highest prepared view among the votes, if any has one. */
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
