import {
  type AccountId,
  type ConsensusMessage,
  indexOfValidator,
  type Proposal,
  SEEN_MESSAGES_MAX,
  type Sequence,
  type ValidatorIndex,
} from "@aethel/models";
import type { SignedRequest } from "../books/signed-request.ts";
import { slotAt } from "../books/slots.ts";
import { votesOf } from "../books/vote-book.ts";
import type { EarlyMessages, LateVotes, State } from "../state.ts";
import { sequenceOf, signerOf } from "../statement.ts";

/**
 * Returns the newest messages of a validator that this replica has, of the previous, the current
 * and the next sequence. A validator that restarts learns from them what its log may lack.
 * Certificates are left out, since they say nothing about the validator's signature.
 */
export function messagesOf(state: State, validator: AccountId): readonly ConsensusMessage[] {
  const { head, late } = state;
  const now = indexOfValidator(head.validators, validator);
  const before = indexOfValidator(head.previousValidators, validator);
  const messages = [
    ...(now === undefined ? [] : currentMessages(state, now)),
    ...(before === undefined ? [] : lateMessages(late, head.header.sequence, before)),
  ];
  return messages.slice(0, SEEN_MESSAGES_MAX);
}

/**
 * Returns the part of a peer's answer that shows a signature of this replica: the message without
 * anything attached, if `id` is its signer. Undefined otherwise, because nothing else was asked
 * for.
 */
export function ownMessage(
  { head }: Pick<State, "head">,
  id: AccountId,
  message: ConsensusMessage,
): ConsensusMessage | undefined {
  const isLate = sequenceOf(message) === head.header.sequence;
  const set = isLate ? head.previousValidators : head.validators;
  return indexOfValidator(set, id) === signerOf(message) ? bare(message) : undefined;
}

/**
 * Returns a voter's messages of the head's sequence. For a replica that restarts, this may be the
 * current sequence.
 */
function lateMessages(
  late: LateVotes,
  sequence: Sequence,
  voter: ValidatorIndex,
): readonly ConsensusMessage[] {
  const requests = slotAt(late.requests, voter) ?? [];
  const led = late.toldProposals.findLast(({ leader }) => leader === voter);
  return [
    ...newestVotes(late, sequence, voter),
    ...requests.map((request) => bareRequest(voter, request)),
    ...(led === undefined ? [] : [bareProposal(led)]),
  ];
}

function currentMessages(state: State, index: ValidatorIndex): readonly ConsensusMessage[] {
  const { sequence, proposal, early } = state;
  const request = slotAt(state.viewChanges.slots, index);
  const told = [...state.toldProposals, ...(proposal === undefined ? [] : [proposal.proposal])];
  const led = told.findLast(({ leader }) => leader === index);
  const soon = [early.commits, early.prepares, early.viewChanges].flatMap(
    (slots) => slotAt(slots, index) ?? [],
  );
  return [
    ...newestVotes({ commit: state.commits, prepare: state.prepares }, sequence, index),
    ...(request === undefined ? [] : [bare({ type: "view-change", ...request })]),
    ...(led === undefined ? [] : [bareProposal(led)]),
    ...earlyProposals(early, index),
    ...soon.map(bare),
  ];
}

function earlyProposals(early: EarlyMessages, index: ValidatorIndex): readonly ConsensusMessage[] {
  const first = slotAt(early.proposals, index);
  const later = early.newViews.filter(({ proposal }) => proposal.leader === index);
  const all = first === undefined ? later : [first, ...later];
  return all.map(({ proposal }) => bareProposal(proposal));
}

function bareRequest(voter: ValidatorIndex, { body, signature }: SignedRequest): ConsensusMessage {
  const none = { parentCertificate: undefined, prepareCertificate: undefined };
  return { type: "view-change", body, voter, signature, ...none };
}

/**
 * Returns a proposal as a PrePrepare without an outline, even if it came in a NewView. Its
 * signature is the same in both.
 */
function bareProposal(proposal: Proposal): ConsensusMessage {
  return { type: "pre-prepare", proposal, outline: undefined };
}

function newestVotes(
  books: Pick<LateVotes, "commit" | "prepare">,
  sequence: Sequence,
  voter: ValidatorIndex,
): readonly ConsensusMessage[] {
  return (["commit", "prepare"] as const).flatMap((type) => {
    const vote = votesOf(books[type], voter).at(-1);
    return vote === undefined ? [] : [{ type, sequence, ...vote }];
  });
}

/** Returns a message with its own signature only, without certificates and outline. */
function bare(message: ConsensusMessage): ConsensusMessage {
  switch (message.type) {
    case "pre-prepare":
    case "new-view":
      return bareProposal(message.proposal);
    case "view-change":
      return { ...message, parentCertificate: undefined, prepareCertificate: undefined };
    case "prepare":
    case "commit":
      return message;
  }
}
