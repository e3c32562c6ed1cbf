import { type Draft, discard, patch } from "../draft.ts";
import { shareEvidence } from "../evidence/pending.ts";
import type { TimerName } from "../input.ts";
import { considerProposing } from "../leader/lead.ts";
import { askForHeads } from "../listening/listen.ts";
import { appraiseProposal } from "../normal-case/accept.ts";
import { retryJudging } from "../normal-case/judging.ts";
import { progress } from "../normal-case/progress.ts";
import { reportHeadAhead } from "../timing/pacing.ts";
import { isPressing } from "../timing/reasons.ts";
import {
  armViewTimer,
  disarmViewTimer,
  heartbeatWaitMs,
  isWaitingForInterval,
  startHeartbeat,
  startResend,
} from "../timing/timing.ts";
import { askForView, nextView } from "../views/ask-for-view.ts";
import { onDeadline } from "./deadline.ts";

/** The application has, or no longer has, something that a block should settle. */
export function onWork(draft: Draft, pending: boolean): void {
  patch(draft, { work: pending });
  if (isPressing(draft.state)) armViewTimer(draft);
  else disarmViewTimer(draft);
  considerProposing(draft);
}

/** A timer ran out. The driver drops those that were stopped or started anew meanwhile. */
export function onTimeout(draft: Draft, timer: TimerName): void {
  switch (timer) {
    case "view":
      return onViewTimeout(draft);
    case "deadline":
      return onDeadline(draft);
    case "clock":
      appraiseProposal(draft);
      return progress(draft);
    case "propose":
      return considerProposing(draft);
    case "heartbeat":
      return onHeartbeat(draft);
    case "resend":
      return onResend(draft);
  }
}

/** A block is due although nothing is pending, unless the timer was set for a part of the time. */
function onHeartbeat(draft: Draft): void {
  if (heartbeatWaitMs(draft) > 0) return startHeartbeat(draft);
  patch(draft, { heartbeatDue: true });
  armViewTimer(draft);
  considerProposing(draft);
}

/** Too long without a decision: ask for the next view, whose leader is another (P10). */
function onViewTimeout(draft: Draft): void {
  const { state } = draft;
  if (!state.viewTimerRuns) return discard(draft, "timeout", "not-asked-for");
  patch(draft, { viewTimerRuns: false });
  if (!isPressing(state)) return;
  // An interval longer than any timer, or a head in the future: no leader could have proposed yet.
  if (isWaitingForInterval(draft)) {
    reportHeadAhead(draft);
    return armViewTimer(draft);
  }
  askForView(draft, nextView(state), "timeout");
}

/**
 * Without progress, says again what matters and asks peers how far they are: lost messages cost
 * time, never liveness.
 */
function onResend(draft: Draft): void {
  const { state } = draft;
  const { view, sent, phase } = state;
  if (phase !== "committing" && state.committed === undefined) {
    const proposal = sent.proposal;
    const proposesHere =
      state.proposal?.proposal.leader === state.me && state.prepared?.view !== view;
    if (phase === "changing" && sent.viewChange !== undefined) {
      draft.effects.push({
        type: "broadcast",
        message: { type: "view-change", ...sent.viewChange },
      });
    }
    if (proposal !== undefined && proposesHere) {
      draft.effects.push({ type: "broadcast", message: proposal });
    }
    if (sent.prepare?.view === view) {
      draft.effects.push({ type: "broadcast", message: { type: "prepare", ...sent.prepare } });
    }
    if (sent.commit !== undefined) {
      draft.effects.push({ type: "broadcast", message: { type: "commit", ...sent.commit } });
    }
  }
  // Also while somebody claims to be ahead: who lies must not keep the others from being asked.
  draft.effects.push({ type: "ask-heads", known: state.head.header.sequence });
  askForHeads(draft);
  if (state.ahead !== undefined) {
    const { peer } = state.ahead;
    patch(draft, { ahead: undefined });
    draft.effects.push({ type: "fetch-blocks", from: state.sequence, hint: peer });
  }
  shareEvidence(draft, true);
  retryJudging(draft);
  startResend(draft);
}
