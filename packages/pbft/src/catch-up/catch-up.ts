import {
  type AccountId,
  assert,
  type ConsensusMessage,
  equalBytes,
  type FinalizedBlock,
  indexOfValidator,
  type QuorumCertificate,
  type Sequence,
  toSequence,
} from "@aethel/models";
import { keepSuspectVotes, suspectsOf } from "../evidence/claim-search.ts";
import { shareEvidence } from "../evidence/pending.ts";
import { witnessCertificate } from "../evidence/witness.ts";
import { considerProposing } from "../leader/lead.ts";
import { listenOn } from "../listening/listen.ts";
import { checkCertificate } from "../listening/own-signatures.ts";
import { watchOwnKey } from "../listening/watch-own-key.ts";
import { adoptCommitCertificate } from "../normal-case/certificates.ts";
import { progress, refuseFinal, startCommitting, validateNext } from "../normal-case/progress.ts";
import type { ApplicationHead } from "../ports.ts";
import { type SigningEntry, sequenceOfEntry } from "../record.ts";
import { takeUpKept } from "../replay.ts";
import { leadershipAfter } from "../schedule/leader-at.ts";
import { emptyRound, isListening, knownBlock, noEarlyMessages, type State } from "../state.ts";
import { sequenceOf } from "../statement.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
import { arrivalOf, measuresAfter } from "../timing/measuring.ts";
import { takeHead } from "../timing/pacing.ts";
import { armViewTimer, putOffResend, startHeartbeat } from "../timing/timing.ts";
import { hasEarlyForm } from "./early-form.ts";
import { allEarly, keepEarly } from "./early-messages.ts";

/** Handles a final block of the current sequence that a peer sent. Its certificate was verified. */
export function onFinalized(context: StepContext, finalized: FinalizedBlock): void {
  const { state } = context;
  const { certificate } = finalized;
  if (certificate.sequence !== state.sequence || state.phase === "committing") {
    return discard(context, "finalized", "old-sequence");
  }
  witnessCertificate(context, certificate);
  checkCertificate(context, certificate);
  checkCertificate(context, finalized.block.parentCertificate);
  const known = knownBlock(state, certificate.digest);
  if (known?.verdict === "refused") {
    patch(context, { committed: certificate });
    return progress(context);
  }
  startCommitting(context, finalized);
}

/** Begins the next sequence, at view 0, after the application has applied the final block. */
export function onCommitted(context: StepContext, head: ApplicationHead, hasWork: boolean): void {
  const { state, config } = context;
  const certificate = state.committed;
  assert(state.phase === "committing" && certificate !== undefined, "nothing else was applied");
  assert(head.header.sequence === state.sequence, "the head is the block that was committed");
  assert(equalBytes(head.digest, certificate.digest), "the head is the block that is final");
  const { nextValidators } = head.header;
  assert(equalBytes(head.validators.hash, nextValidators), "the set that votes next is certified");
  keepSuspectVotes(context);
  const { early } = state;
  patch(context, {
    ...emptyRound(),
    measures: measuresAfter(context, certificate, head.validators),
    head: withOwnRecord(state, head),
    sequence: toSequence(state.sequence + 1),
    me: indexOfValidator(head.validators, config.id),
    work: hasWork,
    heartbeatDue: false,
    early: noEarlyMessages(),
    late: lateVotesOf(state),
    kept: state.kept.filter((entry) => (sequenceOfEntry(entry) ?? 0) > state.sequence),
  });
  takeHead(context, arrivalOf(state, certificate));
  context.effects.push({ type: "stop-timer", timer: "propose" });
  watchOwnKey(context);
  context.effects.push({ type: "forget", entries: lastingEntries(context.state) });
  takeUpKept(context);
  listenOn(context);
  startHeartbeat(context);
  putOffResend(context);
  shareEvidence(context, false);
  const messages = allEarly(early);
  if (messages.length > 0) context.effects.push({ type: "reconsider", messages });
  const { ahead } = context.state;
  if (ahead !== undefined && ahead.sequence < context.state.sequence) {
    patch(context, { ahead: undefined });
  } else if (ahead !== undefined) {
    context.effects.push({ type: "fetch-blocks", from: context.state.sequence, hint: ahead.peer });
  }
  armViewTimer(context);
  considerProposing(context);
  validateNext(context);
}

/**
 * Returns the head with the leaders' record that consensus has computed itself, so that it need not
 * trust the one that an application returns.
 */
function withOwnRecord(
  { head: before, committing }: State,
  head: ApplicationHead,
): ApplicationHead {
  if (committing === undefined) return head;
  const leadership = leadershipAfter(before, committing.parentCertificate);
  return head.leadership === leadership ? head : { ...head, leadership };
}

function lateVotesOf(state: State): State["late"] {
  const { prepares, commits, requests, toldProposals, view } = state;
  const suspects = suspectsOf(state);
  return { prepare: prepares, commit: commits, suspects, requests, toldProposals, view };
}

/** Stops the replica, because the application refuses to apply a block that a quorum made final. */
export function onContradicted(context: StepContext, reason: string): void {
  const { committed: certificate, committing: block } = context.state;
  assert(certificate !== undefined, "only a final block can be contradicted");
  assert(block !== undefined, "only a block that is being applied can be contradicted");
  refuseFinal(context, { block, certificate }, reason);
}

/**
 * Handles a peer's unproven statement that it has finalized a higher sequence. If the peer is
 * known, blocks are requested from it. If not, some peers are asked for their heads.
 */
export function onAhead(
  context: StepContext,
  sequence: Sequence,
  peer: AccountId | undefined,
): void {
  const { state } = context;
  if (sequence < state.sequence) return;
  if (peer === undefined) {
    context.effects.push({ type: "ask-heads", known: state.head.header.sequence });
    return;
  }
  patch(context, { ahead: { sequence, peer } });
  context.effects.push({ type: "fetch-blocks", from: state.sequence, hint: peer });
}

/**
 * Handles a message of a later sequence, whose sender must have finalized the current one. A
 * message of the next sequence is kept, at most one of each type and validator. A certificate in it
 * may finalize the current sequence immediately.
 */
export function onEarly(
  context: StepContext,
  message: ConsensusMessage,
  from: AccountId | undefined,
): void {
  const { state } = context;
  const at = sequenceOf(message);
  const before = toSequence(at - 1);
  if (at > state.sequence + 1) {
    // Nobody has checked its signature: who sent it is no more to be asked than others.
    discard(context, message.type, "future-sequence");
    return onAhead(context, before, undefined);
  }
  const early = hasEarlyForm(state, message) ? keepEarly(state, message) : state.early;
  patch(context, { early, ahead: { sequence: before, peer: from } });
  const certificate = parentCertificateOf(message);
  if (certificate?.phase === "commit" && certificate.sequence === state.sequence) {
    adoptCommitCertificate(context, certificate);
  }
}

/**
 * Returns the entries that must stay in the signing log when those of finalized sequences are
 * dropped. If the application's database went back to an earlier block, the floor (sequence up to
 * which nothing may be signed) and all entries of later sequences stay too. Evidence stays until a
 * final block includes it.
 */
export function lastingEntries(state: State): readonly SigningEntry[] {
  const { listening, head, kept } = state;
  const sequence = toSequence(Math.max(state.floor, head.header.sequence));
  const floor: SigningEntry = { type: "floor", sequence };
  const found = state.evidence.flatMap(({ from, evidence }): readonly SigningEntry[] =>
    from === undefined ? [{ type: "evidence", evidence }] : [],
  );
  if (listening === undefined || !isListening(state)) return [floor, ...found, ...kept];
  // In this order: a floor after a listen entry would end the listening.
  return [floor, { type: "listen", since: listening.since }, ...found, ...kept];
}

function parentCertificateOf(message: ConsensusMessage): QuorumCertificate | undefined {
  switch (message.type) {
    case "pre-prepare":
      return message.outline?.parentCertificate;
    case "view-change":
    case "new-view":
      return message.parentCertificate;
    case "prepare":
    case "commit":
      return undefined;
  }
}
