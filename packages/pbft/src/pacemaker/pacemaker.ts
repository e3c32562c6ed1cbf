import { shareEvidence } from "../evidence/pending.ts";
import type { TimerName } from "../input.ts";
import { considerProposing } from "../leader/lead.ts";
import { askForHeads } from "../listening/listen.ts";
import { appraiseProposal } from "../normal-case/accept.ts";
import { progress } from "../normal-case/progress.ts";
import { retryValidation } from "../normal-case/validating.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
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

/**
 * Handles the application's notice that it has work for a block (`pending`), or has none any more.
 */
export function onWork(context: StepContext, pending: boolean): void {
  patch(context, { work: pending });
  if (isPressing(context.state)) armViewTimer(context);
  else disarmViewTimer(context);
  considerProposing(context);
}

/**
 * Handles a timer that fired. The driver has dropped firings of timers that were stopped or
 * restarted meanwhile.
 */
export function onTimeout(context: StepContext, timer: TimerName): void {
  switch (timer) {
    case "view":
      return onViewTimeout(context);
    case "deadline":
      return onDeadline(context);
    case "clock":
      appraiseProposal(context);
      return progress(context);
    case "propose":
      return considerProposing(context);
    case "heartbeat":
      return onHeartbeat(context);
    case "resend":
      return onResend(context);
  }
}

/**
 * Makes a block due although nothing is pending. If only a part of the heartbeat interval has
 * passed, restarts the timer instead.
 */
function onHeartbeat(context: StepContext): void {
  if (heartbeatWaitMs(context) > 0) return startHeartbeat(context);
  patch(context, { heartbeatDue: true });
  armViewTimer(context);
  considerProposing(context);
}

/** Requests the next view, which has another leader, after too long without a decision (P10). */
function onViewTimeout(context: StepContext): void {
  const { state } = context;
  if (!state.viewTimerRuns) return discard(context, "timeout", "not-asked-for");
  patch(context, { viewTimerRuns: false });
  if (!isPressing(state)) return;
  // An interval longer than any timer, or a head in the future: no leader could have proposed yet.
  if (isWaitingForInterval(context)) {
    reportHeadAhead(context);
    return armViewTimer(context);
  }
  askForView(context, nextView(state), "timeout");
}

/**
 * Sends important messages again and asks peers for their heads, after a time without progress. So
 * lost messages delay the protocol, but never stop it.
 */
function onResend(context: StepContext): void {
  const { state } = context;
  const { view, sent, phase } = state;
  if (phase !== "committing" && state.committed === undefined) {
    const proposal = sent.proposal;
    const proposesHere =
      state.proposal?.proposal.leader === state.me && state.prepared?.view !== view;
    if (phase === "changing" && sent.viewChange !== undefined) {
      context.effects.push({
        type: "broadcast",
        message: { type: "view-change", ...sent.viewChange },
      });
    }
    if (proposal !== undefined && proposesHere) {
      context.effects.push({ type: "broadcast", message: proposal });
    }
    if (sent.prepare?.view === view) {
      context.effects.push({ type: "broadcast", message: { type: "prepare", ...sent.prepare } });
    }
    if (sent.commit !== undefined) {
      context.effects.push({ type: "broadcast", message: { type: "commit", ...sent.commit } });
    }
  }
  // Also while somebody claims to be ahead: who lies must not keep the others from being asked.
  context.effects.push({ type: "ask-heads", known: state.head.header.sequence });
  askForHeads(context);
  if (state.ahead !== undefined) {
    const { peer } = state.ahead;
    patch(context, { ahead: undefined });
    context.effects.push({ type: "fetch-blocks", from: state.sequence, hint: peer });
  }
  shareEvidence(context, true);
  retryValidation(context);
  startResend(context);
}
