import {
  type BlockOutline,
  type ConsensusMessage,
  equalBytes,
  type Proposal,
  type View,
  validatorAt,
} from "@aethel/models";
import { ensureBlock } from "../blocks.ts";
import type { Config } from "../config.ts";
import { rememberProposal } from "../evidence/told-proposals.ts";
import { knownBlock } from "../state.ts";
import { patch, report, type StepContext } from "../step-context.ts";
import { measureProposal } from "../timing/measuring.ts";
import { headAheadMs } from "../timing/pacing.ts";
import { armViewTimer, startOverdue } from "../timing/timing.ts";
import { askForView, nextView } from "../views/ask-for-view.ts";
import { progress } from "./progress.ts";

/** Accepts a proposal of the current view, which has none yet, and has its block validated. */
export function acceptProposal(
  context: StepContext,
  options: {
    readonly proposal: Proposal;
    readonly fresh: boolean;
    readonly message: ConsensusMessage;
    readonly outline?: BlockOutline | undefined;
  },
): void {
  const { proposal, fresh, message, outline } = options;
  const { state } = context;
  const { sequence, view, digest, leader } = proposal;
  const own = leader === state.me;
  patch(context, {
    proposal: { proposal, fresh, votable: fresh ? undefined : true },
    sent: own ? { ...state.sent, proposal: message } : state.sent,
    pace: { ...state.pace, proposalAt: context.elapsed, overdue: false },
  });
  report(context, { type: "proposal-accepted", sequence, view, digest });
  rememberProposal(context, proposal);
  armViewTimer(context);
  ensureBlock(context, digest, validatorAt(state.head.validators, leader)?.id, outline);
  appraiseProposal(context);
  progress(context);
}

/**
 * Decides whether a fresh proposal (one of a new block) may be voted for, once this replica has its
 * block. Its proposer must be the leader of this view. Its timestamp must be at most
 * `precisionInView` ahead of this replica's clock and at most `maxDriftMs` behind it. If it is only
 * a little early, a timer calls this function again. A re-proposal of a prepared block needs none
 * of these checks.
 */
export function appraiseProposal(context: StepContext): void {
  const { config, state, now } = context;
  const accepted = state.proposal;
  if (accepted === undefined) return;
  const known = knownBlock(state, accepted.proposal.digest);
  if (known === undefined) return;
  if (accepted.fresh && known.verdict === "refused") return refuseProposal(context);
  if (accepted.votable !== undefined) return;
  const leader = validatorAt(state.head.validators, accepted.proposal.leader);
  const { proposer, timestamp } = known.block.header;
  if (leader === undefined || !equalBytes(leader.id, proposer)) return refuseStrange(context);
  const difference = timestamp - now;
  const early = difference - config.clockPrecisionMs;
  const least = state.head.header.timestamp + config.minBlockIntervalMs;
  // Clocks differ a little more than they should, or a view was given up before the interval was over
  // and no leader could date its block sooner: it is votable when its time has come.
  const patience = timestamp === least ? config.minBlockIntervalMs : 0;
  if (early > 0 && early <= Math.max(config.clockPrecisionMs, patience)) {
    context.effects.push({ type: "start-timer", timer: "clock", delayMs: Math.ceil(early) });
    return;
  }
  const isFarAhead = difference > precisionInView(config, accepted.proposal.view);
  if (isFarAhead || -difference > config.maxDriftMs) return leaveUntimely(context, difference);
  patch(context, { proposal: { ...accepted, votable: true } });
  measureProposal(context);
  startOverdue(context);
}

/**
 * Withholds the vote from a fresh proposal whose block another validator proposed. In view 0 only
 * the leader can have sent it, so this replica requests the next view. In a later view the leader
 * may have re-proposed a prepared block, and somebody else may have exchanged the requests beside
 * it; so this replica waits for the leader's own form until the view times out.
 */
function refuseStrange(context: StepContext): void {
  const accepted = context.state.proposal;
  if (accepted === undefined) return;
  if (accepted.proposal.view === 0) return refuseProposal(context);
  patch(context, { proposal: { ...accepted, votable: false } });
}

/**
 * Milliseconds by which a fresh proposal may be ahead of a voter's clock. They double with each
 * view, up to `maxDriftMs`. So even if clocks differ by more than they should, a quorum is found
 * after a few views. CometBFT widens its bounds with each round for the same reason.
 */
export function precisionInView(
  { clockPrecisionMs, maxDriftMs }: Pick<Config, "clockPrecisionMs" | "maxDriftMs">,
  view: View,
): number {
  const widened = clockPrecisionMs * 2 ** Math.min(view, 30);
  return Math.min(Math.max(clockPrecisionMs, maxDriftMs), widened);
}

/**
 * Withholds the vote from a fresh proposal because of its timestamp. If the timestamp is far ahead,
 * requests the next view immediately: no network delay causes that, only the leader's choice or a
 * wrong clock. If it is late, the network may have delayed it, so this replica requests nothing. It
 * also requests nothing if it doubts its own clock, and lets the others decide.
 */
function leaveUntimely(context: StepContext, differenceMs: number): void {
  const { state } = context;
  const accepted = state.proposal;
  if (accepted === undefined) return;
  const { sequence, view, digest } = accepted.proposal;
  report(context, { type: "proposal-untimely", sequence, view, differenceMs });
  const isBehind = headAheadMs(context) > 0;
  const measures = { ...state.measures, clockDoubted: state.measures.clockDoubted || isBehind };
  patch(context, { measures, pace: { ...state.pace, untimely: digest } });
  if (differenceMs > 0 && !measures.clockDoubted) return refuseProposal(context);
  patch(context, { proposal: { ...accepted, votable: false } });
}

/**
 * Withholds the vote from a wrong proposal. If the proposal is fresh and its block has no PREPARE
 * certificate, requests the next view immediately (B8).
 */
export function refuseProposal(context: StepContext): void {
  const { state } = context;
  const accepted = state.proposal;
  if (accepted === undefined || accepted.votable === false) return;
  patch(context, { proposal: { ...accepted, votable: false } });
  const { digest } = accepted.proposal;
  const certified = state.prepared !== undefined && equalBytes(state.prepared.digest, digest);
  if (accepted.fresh && !certified && state.phase === "active") {
    askForView(context, nextView(state), "refused-proposal");
  }
}
