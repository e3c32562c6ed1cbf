import { type ConsensusMessage, equalBytes, type Proposal, validatorAt } from "@aethel/models";
import { type Draft, patch, report } from "../draft.ts";
import { rememberProposal } from "../evidence/told-proposals.ts";
import { armViewTimer } from "../pacemaker/timing.ts";
import { knownBlock } from "../state.ts";
import { askForView, nextView } from "../view-change/view-change.ts";
import { ensureBlock } from "./blocks.ts";
import { progress } from "./progress.ts";

/** Takes the proposal of the current view, the first and only one, and has its block judged. */
export function acceptProposal(
  draft: Draft,
  options: {
    readonly proposal: Proposal;
    readonly fresh: boolean;
    readonly message: ConsensusMessage;
  },
): void {
  const { proposal, fresh, message } = options;
  const { state } = draft;
  const { sequence, view, digest, leader } = proposal;
  const own = leader === state.me;
  patch(draft, {
    proposal: { proposal, fresh, votable: fresh ? undefined : true },
    sent: own ? { ...state.sent, proposal: message } : state.sent,
  });
  report(draft, { type: "proposal-accepted", sequence, view, digest });
  rememberProposal(draft, proposal);
  armViewTimer(draft);
  ensureBlock(draft, digest, validatorAt(state.head.validators, leader)?.id);
  appraiseProposal(draft);
  progress(draft);
}

/**
 * Decides whether a fresh proposal may be voted for, when its block is here: it must be by this
 * view's leader, and within the drift of the own clock. Neither is asked of a re-proposal.
 */
export function appraiseProposal(draft: Draft): void {
  const { config, state, now } = draft;
  const accepted = state.proposal;
  if (accepted === undefined) return;
  const known = knownBlock(state, accepted.proposal.digest);
  if (known === undefined) return;
  if (accepted.fresh && known.verdict === "refused") return refuseProposal(draft);
  if (accepted.votable !== undefined) return;
  const leader = validatorAt(state.head.validators, accepted.proposal.leader);
  const { proposer, timestamp } = known.block.header;
  if (leader === undefined || !equalBytes(leader.id, proposer)) return refuseProposal(draft);
  const votable = Math.abs(timestamp - now) <= config.maxDriftMs;
  patch(draft, { proposal: { ...accepted, votable } });
}

/** A wrong fresh proposal is answered with a request for the next view at once (B8). */
export function refuseProposal(draft: Draft): void {
  const { state } = draft;
  const accepted = state.proposal;
  if (accepted === undefined || accepted.votable === false) return;
  patch(draft, { proposal: { ...accepted, votable: false } });
  const { digest } = accepted.proposal;
  const certified = state.prepared !== undefined && equalBytes(state.prepared.digest, digest);
  if (accepted.fresh && !certified && state.phase === "active") {
    askForView(draft, nextView(state), "refused-proposal");
  }
}
