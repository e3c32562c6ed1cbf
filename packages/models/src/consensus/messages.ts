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
 * A fresh proposal. In view 0 the outline of the block rides along, which saves a round trip; a
 * proposal inside a NewView never carries one.
 */
export const PrePrepare: Codec<{
  readonly proposal: Proposal;
  readonly outline: BlockOutline | undefined;
}> = struct("PrePrepare", { proposal: Proposal, outline: optional(BlockOutline) });
export type PrePrepare = Infer<typeof PrePrepare>;

/** "I judged and executed this block, and it is right." A quorum of them makes it prepared. */
export const Prepare = struct("Prepare", vote);
export type Prepare = Infer<typeof Prepare>;

/** "I hold a PREPARE certificate for this block, durably." A quorum of them makes it final. */
export const Commit = struct("Commit", vote);
export type Commit = Infer<typeof Commit>;

/**
 * A request for a later view. The certificates are attached, not signed, and justify the body:
 * without the ones that it calls for, the message is dropped.
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

/** One signed ViewChange body, without what all bodies of one NewView share. */
export const ViewChangeVote: Codec<{
  readonly voter: ValidatorIndex;
  readonly prepared: Prepared | undefined;
  readonly signature: Signature;
}> = struct("ViewChangeVote", { voter: validatorIndex, prepared: optional(Prepared), signature });
export type ViewChangeVote = Infer<typeof ViewChangeVote>;

/**
 * The leader of a later view shows why it may lead and what it must propose. Each `votes[i]` is
 * the body (set hash, `proposal.sequence`, `proposal.view`, `parent`, its own `prepared`).
 */
export const NewView: Codec<{
  readonly proposal: Proposal;
  readonly parent: Digest;
  /** Strictly ascending by voter; together a quorum. */
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

/** Everything that replicas say to each other about one sequence. */
export const ConsensusMessage = union("ConsensusMessage", {
  "pre-prepare": PrePrepare,
  prepare: Prepare,
  commit: Commit,
  "view-change": ViewChange,
  "new-view": NewView,
});
export type ConsensusMessage = Infer<typeof ConsensusMessage>;
