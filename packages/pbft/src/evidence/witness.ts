import {
  type ConsensusMessage,
  type QuorumCertificate,
  signersOfCertificate,
  type ValidatorSet,
} from "@aethel/models";
import { addVote, type Vote, type VoteBook } from "../books/vote-book.ts";
import { type Draft, patch } from "../draft.ts";
import { accuseOfDoubleVote } from "./evidence.ts";
import { accuseOfFalseHeader } from "./false-header.ts";
import { witnessCommit, witnessRequest } from "./hidden-lock.ts";

/**
 * Reads the votes and requests of others that an authenticated message of the sequence in hand
 * carries: who told another story elsewhere is convicted here.
 */
export function witnessMessage(draft: Draft, message: ConsensusMessage): void {
  switch (message.type) {
    case "pre-prepare":
      return witnessCertificate(draft, message.outline?.parentCertificate);
    case "view-change":
      witnessCertificate(draft, message.prepareCertificate);
      return witnessCertificate(draft, message.parentCertificate);
    case "new-view": {
      witnessCertificate(draft, message.prepareCertificate);
      witnessCertificate(draft, message.parentCertificate);
      const { validators } = draft.state.head;
      const { sequence, view: newView } = message.proposal;
      for (const { voter, prepared, signature } of message.votes) {
        const body = {
          validators: validators.hash,
          sequence,
          newView,
          parent: message.parent,
          prepared,
        };
        witnessRequest(draft, voter, { body, signature });
      }
      return;
    }
    case "prepare":
    case "commit":
      return;
  }
}

/**
 * Takes the votes of a verified certificate into the books, of the sequence in hand or of the head:
 * a certificate for one block and a vote for another convict whoever gave both, whichever comes
 * first.
 */
export function witnessCertificate(draft: Draft, certificate: QuorumCertificate | undefined): void {
  if (certificate === undefined) return;
  const { head, sequence } = draft.state;
  if (certificate.sequence === sequence) return witnessInHand(draft, certificate);
  if (certificate.sequence !== head.header.sequence) return;
  const { phase } = certificate;
  const set = head.previousValidators;
  const book = readVotes(draft, certificate, set, draft.state.late[phase]);
  patch(draft, { late: { ...draft.state.late, [phase]: book } });
}

function witnessInHand(draft: Draft, certificate: QuorumCertificate): void {
  const set = draft.state.head.validators;
  if (certificate.phase === "prepare") {
    return patch(draft, { prepares: readVotes(draft, certificate, set, draft.state.prepares) });
  }
  patch(draft, { commits: readVotes(draft, certificate, set, draft.state.commits) });
  for (const vote of votesIn(certificate)) witnessCommit(draft, vote);
}

function readVotes(
  draft: Draft,
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
      accuseOfDoubleVote(draft, { phase, sequence, set }, [outcome.earlier, vote]);
    }
    const { state } = draft;
    const blocks = sequence === state.sequence ? state.blocks : state.late.falseHeaders;
    accuseOfFalseHeader(draft, phase, vote, { set, blocks });
  }
  return book;
}

function votesIn({ view, digest, seal, ...rest }: QuorumCertificate): readonly Vote[] {
  return signersOfCertificate({ view, digest, seal, ...rest }).flatMap((voter, at) => {
    const signature = seal.signatures[at];
    return signature === undefined ? [] : [{ view, digest, voter, signature }];
  });
}
