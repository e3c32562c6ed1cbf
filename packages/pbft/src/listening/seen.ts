import {
  type AccountId,
  type ConsensusMessage,
  indexOfValidator,
  SEEN_MESSAGES_MAX,
  type Sequence,
  type ValidatorIndex,
} from "@aethel/models";
import { votesOf } from "../normal-case/vote-book.ts";
import { slotAt } from "../slots.ts";
import type { LateVotes, State } from "../state.ts";

/**
 * The newest messages of a validator that this replica holds: of the sequence in hand, of the one
 * before and of the next. Whoever restarts learns from them what its log may lack. Certificates are
 * left out: they say nothing about the signature.
 */
export function messagesOf(state: State, validator: AccountId): readonly ConsensusMessage[] {
  const { head } = state;
  const now = indexOfValidator(head.validators, validator);
  const before = indexOfValidator(head.previousValidators, validator);
  const messages = [
    ...(now === undefined ? [] : currentMessages(state, now)),
    ...(before === undefined ? [] : newestVotes(state.late, head.header.sequence, before)),
  ];
  return messages.slice(0, SEEN_MESSAGES_MAX);
}

function currentMessages(state: State, index: ValidatorIndex): readonly ConsensusMessage[] {
  const { sequence, proposal, early } = state;
  const request = slotAt(state.viewChanges.slots, index);
  const led = proposal?.proposal.leader === index ? [proposal.proposal] : [];
  const soon = [early.commits, early.prepares, early.viewChanges].flatMap(
    (slots) => slotAt(slots, index) ?? [],
  );
  return [
    ...newestVotes({ commit: state.commits, prepare: state.prepares }, sequence, index),
    ...(request === undefined ? [] : [bare({ type: "view-change", ...request })]),
    ...led.map((each) => ({ type: "pre-prepare", proposal: each, block: undefined }) as const),
    ...soon.map(bare),
  ];
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

function bare(message: ConsensusMessage): ConsensusMessage {
  if (message.type !== "view-change") return message;
  return { ...message, parentCertificate: undefined, prepareCertificate: undefined };
}
