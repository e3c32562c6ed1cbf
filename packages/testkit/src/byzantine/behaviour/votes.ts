import {
  type ConsensusMessage,
  type Digest,
  indexOfValidator,
  type Phase,
  signableProposal,
  signableViewChange,
  signableVote,
  toSequence,
  type ValidatorIndex,
  type View,
  type ViewChangeBody,
  type VoteBody,
} from "@aethel/models";
import type { Dispatch, StrategyContext } from "./strategy.ts";

/**
 * Returns the node's index in the validator set of the current sequence. Undefined if the node is
 * not in it.
 */
export function ownIndex(context: StrategyContext): ValidatorIndex | undefined {
  return indexOfValidator(context.head().validators, context.id);
}

/** Returns a vote for any sequence, view and digest, signed with the node's real key. */
export function signedVote(
  context: StrategyContext,
  phase: Phase,
  vote: VoteBody & { readonly voter: ValidatorIndex },
): ConsensusMessage {
  const { sequence, view, digest, voter } = vote;
  const signature = context.signer.sign(signableVote(phase, context.genesis, vote));
  return { type: phase, sequence, view, digest, voter, signature };
}

/** Returns the same proposal for another digest, signed with the node's real key. */
export function resignedProposal(
  context: StrategyContext,
  proposal: VoteBody & { readonly leader: ValidatorIndex },
  digest: Digest,
): VoteBody & { leader: ValidatorIndex; signature: ReturnType<StrategyContext["signer"]["sign"]> } {
  const { sequence, view, leader } = proposal;
  const vote = { sequence, view, digest };
  return {
    ...vote,
    leader,
    signature: context.signer.sign(signableProposal(context.genesis, vote)),
  };
}

/**
 * Returns a ViewChange for the current sequence, signed with the node's real key, that claims to
 * have prepared nothing.
 */
export function signedRequest(
  context: StrategyContext,
  { voter, newView }: { readonly voter: ValidatorIndex; readonly newView: View },
): Extract<ConsensusMessage, { readonly type: "view-change" }> {
  const { header, digest: parent, validators, certificate } = context.head();
  const body: ViewChangeBody = {
    validators: validators.hash,
    sequence: toSequence(header.sequence + 1),
    newView,
    parent,
    prepared: undefined,
  };
  return {
    type: "view-change",
    body,
    voter,
    signature: context.signer.sign(signableViewChange(context.genesis, body)),
    parentCertificate: certificate,
    prepareCertificate: undefined,
  };
}

/** Sends a message to all other nodes at once. */
export function sendToAll(context: StrategyContext, message: ConsensusMessage): void {
  for (const to of context.others) context.send({ to, message, delayMs: 0 });
}

/** Returns the same dispatch with another message. */
export function replaced(dispatch: Dispatch, message: ConsensusMessage): Dispatch {
  return { ...dispatch, message };
}
