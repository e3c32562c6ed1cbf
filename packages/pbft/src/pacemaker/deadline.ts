import { knownBlock, type State } from "../state.ts";
import { patch, type StepContext } from "../step-context.ts";
import { isDisputed } from "../timing/dispute.ts";
import { isWaitingForInterval, startOverdue } from "../timing/timing.ts";
import { askForView, nextView } from "../views/ask-for-view.ts";

/**
 * Handles the deadline of the proposal, or after a proposal the deadline of the votes.
 *
 * If there is no proposal that may be voted for, the leader loses the view: this replica requests
 * the next one immediately. That is as safe as a request after a time-out. So whatever a faulty
 * leader does (sending late, to some only, or without the block) delays the others by one deadline
 * and not by a time-out.
 */
export function onDeadline(context: StepContext): void {
  const { state } = context;
  // One that no longer concerns: the driver may have had it on its way.
  if (!state.viewTimerRuns || state.committed !== undefined) return;
  if (isMissing(state)) {
    // A leader that builds need not give itself up, and no leader can when by this clock none may.
    const isOwn = state.proposing === state.view;
    if (isOwn || isWaitingForInterval(context)) return;
    return askForView(context, nextView(state), "no-proposal");
  }
  // Others validate as long as this replica does; what is overdue is their votes.
  if (isValidating(state)) return startOverdue(context);
  patch(context, { pace: { ...state.pace, overdue: true } });
  if (isDisputed(context.state)) return askForView(context, nextView(state), "overdue");
  startOverdue(context);
}

/**
 * Whether the block of this view waits for the application's verdict. False if its validation was
 * postponed.
 */
function isValidating(state: State): boolean {
  const digest = state.proposal?.proposal.digest;
  return digest !== undefined && knownBlock(state, digest)?.verdict === "unchecked";
}

/**
 * Whether the view has no proposal that this replica could vote for, and no PREPARE certificate.
 */
function isMissing({ prepared, proposal, view }: State): boolean {
  return prepared?.view !== view && proposal?.votable !== true;
}
