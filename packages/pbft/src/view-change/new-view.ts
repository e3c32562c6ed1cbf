import {
  equalBytes,
  isQuorum,
  type NewView,
  type Prepared,
  powerOf,
  type QuorumCertificate,
  type ValidatorSet,
} from "@aethel/models";
import { isParentCertificate } from "../blocks.ts";
import type { DiscardReason } from "../effect.ts";
import { compareProposal } from "../evidence/told-proposals.ts";
import { acceptProposal } from "../normal-case/accept.ts";
import { adoptPrepareCertificate } from "../normal-case/certificates.ts";
import { progress } from "../normal-case/progress.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import type { State } from "../state.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
import { enterView } from "../views/enter-view.ts";

/**
 * Handles a NewView: the proposal of a later view's leader, with the votes and certificates that
 * justify it (PBFT §4.4).
 */
export function onNewView(context: StepContext, message: NewView): void {
  const { proposal, prepareCertificate } = message;
  const defect = findNewViewDefect(context.state, message);
  if (defect !== undefined) return discard(context, "new-view", defect);
  if (prepareCertificate !== undefined) adoptPrepareCertificate(context, prepareCertificate);
  const { state } = context;
  if (proposal.view < state.view) return discard(context, "new-view", "old-view");
  const accepted = state.proposal?.proposal;
  if (accepted !== undefined && accepted.view === proposal.view) {
    if (isBetterForm(state, message)) return takeAsReproposal(context);
    if (equalBytes(accepted.digest, proposal.digest)) {
      return discard(context, "new-view", "duplicate");
    }
    compareProposal(context, proposal);
    return discard(context, "new-view", "conflict");
  }
  if (state.phase === "committing" || state.committed !== undefined) {
    return discard(context, "new-view", "old-sequence");
  }
  enterView(context, proposal.view, "new-view");
  const fresh = prepareCertificate === undefined;
  acceptProposal(context, { proposal, fresh, message: { type: "new-view", ...message } });
}

/**
 * Tells whether a NewView re-proposes, with a PREPARE certificate, the block that this replica has
 * accepted as a new one in the same view. The leader's signature does not cover the requests, so
 * anybody can put the leader's proposal beside a quorum of requests that name no prepared block.
 */
export function isBetterForm({ proposal: known }: State, message: NewView): boolean {
  const { proposal, prepareCertificate } = message;
  return (
    known?.fresh === true &&
    prepareCertificate !== undefined &&
    known.proposal.view === proposal.view &&
    equalBytes(known.proposal.digest, proposal.digest)
  );
}

/** Turns the accepted proposal into the re-proposal of a prepared block, which may be voted for. */
function takeAsReproposal(context: StepContext): void {
  const known = context.state.proposal;
  if (known === undefined) return;
  patch(context, { proposal: { ...known, fresh: false, votable: true } });
  progress(context);
}

/**
 * Returns the reason for which a NewView is not valid; undefined if it is. Recomputes the whole
 * justification (B25); its signatures were verified before. The requests in it determine the
 * proposal. If some of them name a prepared block, the proposal must be the one of the highest
 * view, proved by the PREPARE certificate of that view. If none does, it must be a fresh block.
 */
export function findNewViewDefect(state: State, message: NewView): DiscardReason | undefined {
  const { proposal, parent, parentCertificate } = message;
  const set = state.head.validators;
  const { view } = proposal;
  if (view === 0) return "wrong-view";
  if (view < state.view) return "old-view";
  if (proposal.leader !== leaderAt(state, view)) return "not-the-leader";
  if (!equalBytes(parent, state.head.digest)) return "wrong-parent";
  if (!isParentCertificate(state, parentCertificate)) return "bad-justification";
  return findJustificationDefect(set, message);
}

/**
 * Returns the reason for which the requests are not those of a quorum for the view, or do not allow
 * this proposal. Undefined if there is no such reason.
 */
export function findJustificationDefect(
  set: ValidatorSet,
  message: NewView,
): DiscardReason | undefined {
  const { proposal, votes, prepareCertificate } = message;
  const { view } = proposal;
  const ascending = votes.every(
    ({ voter }, at) => at === 0 || voter > (votes[at - 1]?.voter ?? voter),
  );
  const inBounds = votes.every(({ voter }) => voter < set.validators.length);
  if (!ascending || !inBounds) return "bad-justification";
  const power = powerOf(
    set,
    votes.map(({ voter }) => voter),
  );
  if (!isQuorum(power, set)) return "bad-justification";
  const named = votes.flatMap(({ prepared }) => (prepared === undefined ? [] : [prepared]));
  if (named.some((prepared) => prepared.view >= view)) return "bad-justification";
  return isDictated(named, message, prepareCertificate) ? undefined : "bad-justification";
}

function isDictated(
  named: readonly Prepared[],
  { proposal }: NewView,
  certificate: QuorumCertificate | undefined,
): boolean {
  if (named.length === 0 || certificate === undefined) {
    return named.length === 0 && certificate === undefined;
  }
  const highest = named.reduce((max, { view }) => Math.max(max, view), 0);
  return (
    certificate.phase === "prepare" &&
    certificate.sequence === proposal.sequence &&
    certificate.view === highest &&
    equalBytes(certificate.digest, proposal.digest) &&
    named.some(({ view, digest }) => view === highest && equalBytes(digest, certificate.digest))
  );
}
