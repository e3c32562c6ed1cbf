import {
  type ConsensusMessage,
  type QuorumCertificate,
  signersOfCertificate,
  type ValidatorSet,
} from "@aethel/models";
import { addVote, type Vote, type VoteBook } from "../books/vote-book.ts";
import { patch, type StepContext } from "../step-context.ts";
import { accuseOfDoubleVote } from "./evidence.ts";
import { accuseOfFalseHeader } from "./false-header.ts";
import { witnessCommit, witnessRequest } from "./hidden-lock.ts";

/**
 * Records the votes and requests of other validators in an authenticated message of the current
 * sequence. Accuses a validator whose earlier statements contradict them.
 */
export function witnessMessage(context: StepContext, message: ConsensusMessage): void {
  switch (message.type) {
    case "pre-prepare":
      return witnessCertificate(context, message.outline?.parentCertificate);
    case "view-change":
      witnessCertificate(context, message.prepareCertificate);
      return witnessCertificate(context, message.parentCertificate);
    case "new-view": {
      witnessCertificate(context, message.prepareCertificate);
      witnessCertificate(context, message.parentCertificate);
      const { validators } = context.state.head;
      const { sequence, view: newView } = message.proposal;
      for (const { voter, prepared, signature } of message.votes) {
        const body = {
          validators: validators.hash,
          sequence,
          newView,
          parent: message.parent,
          prepared,
        };
        witnessRequest(context, voter, { body, signature });
      }
      return;
    }
    case "prepare":
    case "commit":
      return;
  }
}

/**
 * Adds the votes in a verified certificate to the vote books of the current sequence or of the
 * head. So a validator that signed a certificate for one block and a vote for another is convicted,
 * whichever arrives first.
 */
export function witnessCertificate(
  context: StepContext,
  certificate: QuorumCertificate | undefined,
): void {
  if (certificate === undefined) return;
  const { head, sequence } = context.state;
  if (certificate.sequence === sequence) return witnessInHand(context, certificate);
  if (certificate.sequence !== head.header.sequence) return;
  const { phase } = certificate;
  const set = head.previousValidators;
  const book = readVotes(context, certificate, set, context.state.late[phase]);
  patch(context, { late: { ...context.state.late, [phase]: book } });
}

function witnessInHand(context: StepContext, certificate: QuorumCertificate): void {
  const set = context.state.head.validators;
  if (certificate.phase === "prepare") {
    return patch(context, {
      prepares: readVotes(context, certificate, set, context.state.prepares),
    });
  }
  patch(context, { commits: readVotes(context, certificate, set, context.state.commits) });
  for (const vote of votesIn(certificate)) witnessCommit(context, vote);
}

function readVotes(
  context: StepContext,
  certificate: QuorumCertificate,
  set: ValidatorSet,
  before: VoteBook,
): VoteBook {
  const { phase, sequence } = certificate;
  let book = before;
  for (const vote of votesIn(certificate)) {
    const outcome = addVote(book, set, vote, certificate.view);
    if (outcome.type === "added") book = outcome.book;
    else if (outcome.type === "conflict") {
      accuseOfDoubleVote(context, { phase, sequence, set }, [outcome.earlier, vote]);
    }
    const { state } = context;
    const blocks = sequence === state.sequence ? state.blocks : state.late.suspects;
    accuseOfFalseHeader(context, phase, vote, { set, blocks });
  }
  return book;
}

function votesIn({ view, digest, seal, ...rest }: QuorumCertificate): readonly Vote[] {
  return signersOfCertificate({ view, digest, seal, ...rest }).flatMap((voter, at) => {
    const signature = seal.signatures[at];
    return signature === undefined ? [] : [{ view, digest, voter, signature }];
  });
}
