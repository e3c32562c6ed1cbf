import { equalBytes, type PrePrepare } from "@aethel/models";
import { ensureBlock } from "../blocks.ts";
import { compareProposal, rememberLateProposal } from "../evidence/told-proposals.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
import { measureLate } from "../timing/measuring.ts";
import { acceptProposal, appraiseProposal } from "./accept.ts";
import { progress } from "./progress.ts";

/**
 * Handles the proposal of the leader of view 0 (PBFT §4.2). Proposals of later views come in a
 * NewView.
 */
export function onPrePrepare(context: StepContext, message: PrePrepare): void {
  const { state } = context;
  const { proposal, outline } = message;
  // Also one of another view: who was told another proposal passes it on.
  compareProposal(context, proposal);
  if (proposal.view !== 0) return discard(context, "pre-prepare", "wrong-view");
  if (proposal.leader !== leaderAt(state, proposal.view))
    return discard(context, "pre-prepare", "not-the-leader");
  if (state.view !== 0) {
    // Too late to be voted for, but what leaders need is learnt from it.
    measureLate(context, proposal.leader);
    rememberLateProposal(context, proposal);
    return discard(context, "pre-prepare", "old-view");
  }
  if (state.phase === "committing") return discard(context, "pre-prepare", "old-sequence");
  const accepted = state.proposal?.proposal;
  if (accepted !== undefined && !equalBytes(accepted.digest, proposal.digest)) {
    return discard(context, "pre-prepare", "conflict");
  }
  if (outline !== undefined) patch(context, { outlined: proposal.digest });
  if (accepted !== undefined) ensureBlock(context, proposal.digest, undefined, outline);
  if (accepted === undefined) {
    return acceptProposal(context, {
      proposal,
      fresh: true,
      message: { type: "pre-prepare", ...message },
      outline,
    });
  }
  discard(context, "pre-prepare", "duplicate");
  appraiseProposal(context);
  progress(context);
}
