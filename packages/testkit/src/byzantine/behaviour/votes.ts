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

/** Own index in the set of the sequence in hand; undefined when the node has no power now. */
export function ownIndex(context: StrategyContext): ValidatorIndex | undefined {
  return indexOfValidator(context.head().validators, context.id);
}

/** A vote with the node's real key for anything it likes. */
export function signedVote(
  context: StrategyContext,
  phase: Phase,
  vote: VoteBody & { readonly voter: ValidatorIndex },
): ConsensusMessage {
  const { sequence, view, digest, voter } = vote;
  const signature = context.signer.sign(signableVote(phase, context.genesis, vote));
  return { type: phase, sequence, view, digest, voter, signature };
}

/** A proposal with the node's real key for another digest. */
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

/** Returns a ViewChange with the node's real key that claims to have prepared nothing. */
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

/** Sends a message to all others at once. */
export function sendToAll(context: StrategyContext, message: ConsensusMessage): void {
  for (const to of context.others) context.send({ to, message, delayMs: 0 });
}

/** The same dispatch with another message. */
export function replaced(dispatch: Dispatch, message: ConsensusMessage): Dispatch {
  return { ...dispatch, message };
}
