import { type AccountId, assertNever, type ConsensusMessage, type Evidence } from "@aethel/models";
import { slotAt } from "./books/slots.ts";
import { addVote, type Vote } from "./books/vote-book.ts";
import { onEarly } from "./catch-up/catch-up.ts";
import { type Draft, discard, patch } from "./draft.ts";
import { accuseOfDoubleVote } from "./evidence/evidence.ts";
import { accuseOfFalseHeader } from "./evidence/false-header.ts";
import { accuseOfHiddenLock } from "./evidence/hidden-lock.ts";
import { onEvidence } from "./evidence/pending.ts";
import { compareLateProposal } from "./evidence/told-proposals.ts";
import { witnessMessage } from "./evidence/witness.ts";
import { considerProposing } from "./leader/lead.ts";
import { checkMessage } from "./listening/own-signatures.ts";
import { onCommit } from "./normal-case/commit.ts";
import { onPrePrepare } from "./normal-case/pre-prepare.ts";
import { onPrepare } from "./normal-case/prepare.ts";
import { sequenceOf } from "./statement.ts";
import { armViewTimer, isBusy, startResend } from "./timing/timing.ts";
import { onNewView } from "./view-change/new-view.ts";
import { onViewChange } from "./view-change/view-change.ts";

/** Sends a message to the handler of its type, if it is about the sequence in hand. */
export function onMessage(
  draft: Draft,
  message: ConsensusMessage,
  from: AccountId | undefined,
): void {
  lookingForEvidence(draft, () => dispatch(draft, message, from));
}

/** A peer has found evidence, whose signatures were verified. */
export function onRelayedEvidence(draft: Draft, evidence: Evidence, from: AccountId): void {
  lookingForEvidence(draft, () => onEvidence(draft, evidence, from));
}

/**
 * Fresh evidence is a reason for a block of its own, and is told to peers with what is sent again:
 * soon where nothing was to be sent, and never later for it, or whoever makes it would silence others.
 */
function lookingForEvidence(draft: Draft, handle: () => void): void {
  const known = draft.state.evidence;
  const isSoon = isBusy(draft.state);
  handle();
  if (draft.state.evidence === known) return;
  armViewTimer(draft);
  if (!isSoon && !draft.state.viewTimerRuns) startResend(draft);
  considerProposing(draft);
}

function dispatch(draft: Draft, message: ConsensusMessage, from: AccountId | undefined): void {
  const at = sequenceOf(message);
  const { sequence } = draft.state;
  if (isAuthenticated(message, at - sequence)) checkMessage(draft, message);
  if (at < sequence) return onOld(draft, message, from);
  if (at > sequence) return onEarly(draft, message, from);
  witnessMessage(draft, message);
  switch (message.type) {
    case "pre-prepare":
      return onPrePrepare(draft, message);
    case "prepare":
      return onPrepare(draft, message);
    case "commit":
      return onCommit(draft, message);
    case "view-change":
      return onViewChange(draft, message);
    case "new-view":
      return onNewView(draft, message);
    default:
      return assertNever(message);
  }
}

/** The driver verifies what is near: of the last sequence votes only. */
function isAuthenticated(message: ConsensusMessage, distance: number): boolean {
  const isVote = message.type === "prepare" || message.type === "commit";
  return distance === 0 || distance === 1 || (distance === -1 && isVote);
}

/**
 * Its sender may be stuck where we have finished: it is told, and fetches the block with its
 * certificate. Votes for the head itself are merely late.
 */
function onOld(draft: Draft, message: ConsensusMessage, from: AccountId | undefined): void {
  const known = draft.state.head.header.sequence;
  const isLate = sequenceOf(message) === known;
  if (isLate && (message.type === "prepare" || message.type === "commit")) {
    return onLateVote(draft, message);
  }
  if (isLate && message.type === "pre-prepare") compareLateProposal(draft, message.proposal);
  discard(draft, message.type, "old-sequence");
  const isStuck = !isLate || message.type === "view-change";
  if (from !== undefined && isStuck) draft.effects.push({ type: "tell-head", to: from, known });
}

/** A vote on the head decides nothing any more, but it is paid for, or convicts its voter. */
function onLateVote(draft: Draft, message: Extract<ConsensusMessage, Vote>): void {
  const { late, head } = draft.state;
  const { type: phase, sequence } = message;
  const set = head.previousValidators;
  const outcome = addVote(late[phase], set, message, late.view);
  accuseOfFalseHeader(draft, phase, message, { set, blocks: late.falseHeaders });
  const request = slotAt(late.requests, message.voter);
  if (phase === "commit" && request !== undefined) {
    accuseOfHiddenLock(draft, set, message, request);
  }
  if (outcome.type === "added") {
    return patch(draft, { late: { ...late, [phase]: outcome.book } });
  }
  if (outcome.type === "conflict") {
    accuseOfDoubleVote(draft, { phase, sequence, set }, [outcome.earlier, message]);
  }
  discard(draft, phase, outcome.type);
}
