import {
  type Block,
  type BlockOutline,
  blockDigest,
  type CertificateDefect,
  type ConsensusMessage,
  type Digest,
  equalBytes,
  type FinalizedBlock,
  findBodyDefect,
  findCertificateDefect,
  findOutlineDefect,
  type NewView,
  type PrePrepare,
  type QuorumCertificate,
  type Signable,
  type Signature,
  signableProposal,
  signableViewChange,
  signableVote,
  type ValidatorIndex,
  type ValidatorSet,
  type VerifySigned,
  type ViewChange,
  validatorAt,
  verifySigned,
} from "@aethel/models";

/** Facts against which messages of one sequence are checked. */
export interface AuthenticationContext {
  readonly genesis: Digest;
  /** The set that votes on the sequence of the message. */
  readonly set: ValidatorSet;
  /** The set that voted on the sequence before that of the message. */
  readonly previousSet: ValidatorSet;
  /** Function that checks one signature, for example with a cache. Default: `verifySigned`. */
  readonly verify?: VerifySigned;
}

/** Reason for which a message, block or certificate is not authentic. */
export type AuthenticationDefect =
  | "index-out-of-bounds"
  | "bad-signature"
  | "wrong-set"
  | "votes-not-ascending"
  | "digest-mismatch"
  | "body-mismatch"
  | "wrong-phase"
  | CertificateDefect;

/**
 * Checks everything about a message that needs cryptography: its signature, the signatures in
 * everything that is attached, indices, and whether bodies match their digests. Returns undefined
 * if the message may become an input. The engine makes all checks that depend on its state.
 */
export function authenticate(
  message: ConsensusMessage,
  context: AuthenticationContext,
): AuthenticationDefect | undefined {
  switch (message.type) {
    case "prepare":
    case "commit": {
      const object = signableVote(message.type, context.genesis, message);
      return signedBy(context, message.voter, object, message.signature);
    }
    case "pre-prepare":
      return findPrePrepareDefect(message, context);
    case "view-change":
      return findViewChangeDefect(message, context);
    case "new-view":
      return findNewViewDefect(message, context);
  }
}

/**
 * Returns the reason for which a block does not have the digest `digest`, or for which its parent
 * certificate is wrong. Undefined if both are right.
 */
export function findBlockDefect(
  options: { readonly block: Block; readonly digest: Digest },
  context: Omit<AuthenticationContext, "set">,
): AuthenticationDefect | undefined {
  const { block, digest } = options;
  if (!equalBytes(blockDigest(block.header), digest)) return "digest-mismatch";
  if (findBodyDefect(block) !== undefined) return "body-mismatch";
  return certificateDefect(block.parentCertificate, {
    phase: "commit",
    ...context,
    set: context.previousSet,
  });
}

/**
 * Returns the reason for which an outline (a block with hashes in place of items) does not belong
 * to the block `digest`, or for which its parent certificate is wrong. Undefined if both are right.
 */
export function findWrongOutline(
  { outline, digest }: { readonly outline: BlockOutline; readonly digest: Digest },
  context: Omit<AuthenticationContext, "set">,
): AuthenticationDefect | undefined {
  if (!equalBytes(blockDigest(outline.header), digest)) return "digest-mismatch";
  if (findOutlineDefect(outline) !== undefined) return "body-mismatch";
  const { parentCertificate } = outline;
  return certificateDefect(parentCertificate, {
    ...context,
    phase: "commit",
    set: context.previousSet,
  });
}

/**
 * Returns the reason for which a certificate does not make its block final, given the set that
 * votes on the block's sequence. Undefined if the block is final.
 */
export function findFinalizedDefect(
  finalized: FinalizedBlock,
  context: AuthenticationContext,
): AuthenticationDefect | undefined {
  const { block, certificate } = finalized;
  if (certificate.sequence !== block.header.sequence) return "digest-mismatch";
  return (
    findBlockDefect({ block, digest: certificate.digest }, context) ??
    certificateDefect(certificate, { phase: "commit", ...context })
  );
}

function findPrePrepareDefect(
  message: PrePrepare,
  context: AuthenticationContext,
): AuthenticationDefect | undefined {
  const { proposal, outline } = message;
  const object = signableProposal(context.genesis, proposal);
  const defect = signedBy(context, proposal.leader, object, proposal.signature);
  if (defect !== undefined || outline === undefined) return defect;
  return findWrongOutline({ outline, digest: proposal.digest }, context);
}

function findViewChangeDefect(
  message: ViewChange,
  context: AuthenticationContext,
): AuthenticationDefect | undefined {
  const { body } = message;
  if (!equalBytes(body.validators, context.set.hash)) return "wrong-set";
  const object = signableViewChange(context.genesis, body);
  return (
    signedBy(context, message.voter, object, message.signature) ??
    attachmentsDefect(message, context)
  );
}

function findNewViewDefect(
  message: NewView,
  context: AuthenticationContext,
): AuthenticationDefect | undefined {
  const { proposal, parent, votes } = message;
  const { sequence, view: newView } = proposal;
  const object = signableProposal(context.genesis, proposal);
  const defect = signedBy(context, proposal.leader, object, proposal.signature);
  if (defect !== undefined) return defect;
  const ascending = votes.every(
    ({ voter }, at) => at === 0 || voter > (votes[at - 1]?.voter ?? voter),
  );
  if (!ascending) return "votes-not-ascending";
  for (const { voter, prepared, signature } of votes) {
    const body = { validators: context.set.hash, sequence, newView, parent, prepared };
    const signed = signableViewChange(context.genesis, body);
    const wrong = signedBy(context, voter, signed, signature);
    if (wrong !== undefined) return wrong;
  }
  return attachmentsDefect(message, context);
}

function attachmentsDefect(
  message: Pick<ViewChange, "parentCertificate" | "prepareCertificate">,
  context: AuthenticationContext,
): AuthenticationDefect | undefined {
  const { parentCertificate, prepareCertificate } = message;
  return (
    certificateDefect(parentCertificate, {
      ...context,
      phase: "commit",
      set: context.previousSet,
    }) ?? certificateDefect(prepareCertificate, { ...context, phase: "prepare" })
  );
}

function certificateDefect(
  certificate: QuorumCertificate | undefined,
  expected: Omit<AuthenticationContext, "previousSet"> & { readonly phase: "prepare" | "commit" },
): AuthenticationDefect | undefined {
  if (certificate === undefined) return undefined;
  if (certificate.phase !== expected.phase) return "wrong-phase";
  return findCertificateDefect({ ...expected, certificate });
}

/**
 * Checks one signature. Checks first that the signer's index is in the set, since the sender
 * chooses it (B16). Returns undefined if the signature is valid.
 */
function signedBy(
  context: AuthenticationContext,
  index: ValidatorIndex,
  object: Signable,
  signature: Signature,
): AuthenticationDefect | undefined {
  const validator = validatorAt(context.set, index);
  if (validator === undefined) return "index-out-of-bounds";
  const { verify = verifySigned } = context;
  return verify(validator.key, object, signature) ? undefined : "bad-signature";
}
