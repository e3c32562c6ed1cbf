import { equalBytes, type PrePrepare } from "@aethel/models";
import { ensureBlock } from "../blocks.ts";
import { type Draft, discard } from "../draft.ts";
import { compareProposal, rememberLateProposal } from "../evidence/told-proposals.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import { measureLate } from "../timing/measuring.ts";
import { acceptProposal, appraiseProposal } from "./accept.ts";
import { progress } from "./progress.ts";

/** The leader of view 0 proposes (PBFT §4.2). Proposals of later views come in a NewView. */
export function onPrePrepare(draft: Draft, message: PrePrepare): void {
  const { state } = draft;
  const { proposal, outline } = message;
  // Also one of another view: who was told another proposal passes it on.
  compareProposal(draft, proposal);
  if (proposal.view !== 0) return discard(draft, "pre-prepare", "wrong-view");
  if (proposal.leader !== leaderAt(state, proposal.view))
    return discard(draft, "pre-prepare", "not-the-leader");
  if (state.view !== 0) {
    // Too late to be voted for, but what leaders need is learnt from it.
    measureLate(draft, proposal.leader);
    rememberLateProposal(draft, proposal);
    return discard(draft, "pre-prepare", "old-view");
  }
  if (state.phase === "committing") return discard(draft, "pre-prepare", "old-sequence");
  const accepted = state.proposal?.proposal;
  if (accepted !== undefined && !equalBytes(accepted.digest, proposal.digest)) {
    return discard(draft, "pre-prepare", "conflict");
  }
  if (accepted !== undefined) ensureBlock(draft, proposal.digest, undefined, outline);
  if (accepted === undefined) {
    return acceptProposal(draft, {
      proposal,
      fresh: true,
      message: { type: "pre-prepare", ...message },
      outline,
    });
  }
  discard(draft, "pre-prepare", "duplicate");
  appraiseProposal(draft);
  progress(draft);
}
