import {
  type AccountId,
  assertNever,
  type ConsensusMessage,
  type Digest,
  type Evidence,
} from "@aethel/models";
import { slotAt } from "./books/slots.ts";
import { addVote, type Vote } from "./books/vote-book.ts";
import { onEarly } from "./catch-up/catch-up.ts";
import { takeClaim } from "./evidence/claim-search.ts";
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
import { progress } from "./normal-case/progress.ts";
import { sequenceOf } from "./statement.ts";
import { discard, patch, type StepContext } from "./step-context.ts";
import { armViewTimer, isBusy, startResend } from "./timing/timing.ts";
import { onNewView } from "./view-change/new-view.ts";
import { onViewChange } from "./view-change/view-change.ts";

/**
 * Passes a message to the handler for its type. Messages of earlier and later sequences go to
 * handlers of their own.
 */
export function onMessage(
  context: StepContext,
  message: ConsensusMessage,
  from: AccountId | undefined,
): void {
  lookingForEvidence(context, () => dispatch(context, message, from));
}

/** Handles evidence that a peer has sent. Its signatures were verified. */
export function onRelayedEvidence(context: StepContext, evidence: Evidence, from: AccountId): void {
  lookingForEvidence(context, () => onEvidence(context, evidence, from));
}

/** Handles the result of searching a block for proof that its header is false. */
export function onClaim(context: StepContext, digest: Digest, claim: Uint8Array | undefined): void {
  lookingForEvidence(context, () => takeClaim(context, digest, claim));
  // A replica that has to stop waits until the block was searched.
  progress(context);
}

/**
 * Runs a handler that may find evidence. New evidence is a reason to make a block, and is sent to
 * peers when the resend timer fires. If the timer would not fire soon, it is restarted. Evidence
 * never makes it fire later, because otherwise somebody who produces evidence could silence others.
 */
function lookingForEvidence(context: StepContext, handle: () => void): void {
  const known = context.state.evidence;
  const isSoon = isBusy(context.state);
  handle();
  if (context.state.evidence === known) return;
  armViewTimer(context);
  if (!isSoon && !context.state.viewTimerRuns) startResend(context);
  considerProposing(context);
}

function dispatch(
  context: StepContext,
  message: ConsensusMessage,
  from: AccountId | undefined,
): void {
  const at = sequenceOf(message);
  const { sequence } = context.state;
  if (isAuthenticated(message, at - sequence)) checkMessage(context, message);
  if (at < sequence) return onOld(context, message, from);
  if (at > sequence) return onEarly(context, message, from);
  witnessMessage(context, message);
  switch (message.type) {
    case "pre-prepare":
      return onPrePrepare(context, message);
    case "prepare":
      return onPrepare(context, message);
    case "commit":
      return onCommit(context, message);
    case "view-change":
      return onViewChange(context, message);
    case "new-view":
      return onNewView(context, message);
    default:
      return assertNever(message);
  }
}

/** Whether the driver has verified a message. Of the last sequence, it has verified only votes. */
function isAuthenticated(message: ConsensusMessage, distance: number): boolean {
  const isVote = message.type === "prepare" || message.type === "commit";
  return distance === 0 || distance === 1 || (distance === -1 && isVote);
}

/**
 * Handles a message of an earlier sequence. Its sender may be stuck there, so it is told this
 * replica's head and can fetch the missing blocks. Votes for the head itself are merely late.
 */
function onOld(context: StepContext, message: ConsensusMessage, from: AccountId | undefined): void {
  const known = context.state.head.header.sequence;
  const isLate = sequenceOf(message) === known;
  if (isLate && (message.type === "prepare" || message.type === "commit")) {
    return onLateVote(context, message);
  }
  if (isLate && message.type === "pre-prepare") compareLateProposal(context, message.proposal);
  discard(context, message.type, "old-sequence");
  const isStuck = !isLate || message.type === "view-change";
  if (from !== undefined && isStuck) context.effects.push({ type: "tell-head", to: from, known });
}

/**
 * Handles a vote on the head. The vote decides nothing any more, but its voter may be rewarded for
 * it or convicted by it.
 */
function onLateVote(context: StepContext, message: Extract<ConsensusMessage, Vote>): void {
  const { late, head } = context.state;
  const { type: phase, sequence } = message;
  const set = head.previousValidators;
  const outcome = addVote(late[phase], set, message, late.view);
  accuseOfFalseHeader(context, phase, message, { set, blocks: late.suspects });
  const requests = phase === "commit" ? slotAt(late.requests, message.voter) : undefined;
  for (const request of requests ?? []) accuseOfHiddenLock(context, set, message, request);
  if (outcome.type === "added") {
    return patch(context, { late: { ...late, [phase]: outcome.book } });
  }
  if (outcome.type === "conflict") {
    accuseOfDoubleVote(context, { phase, sequence, set }, [outcome.earlier, message]);
  }
  discard(context, phase, outcome.type);
}
