import {
  equalBytes,
  type Prepare,
  type QuorumCertificate,
  type ValidatorIndex,
} from "@aethel/models";
import { type LeaderMeasure, type Measures, moveMeasures, withMeasure } from "../books/measures.ts";
import { slotAt } from "../books/slots.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import type { State } from "../state.ts";
import { patch, type StepContext } from "../step-context.ts";
import { afterNeedlessTimeout } from "./timing.ts";

/**
 * Records when a proposal became votable, and its lateness in milliseconds. Proposals of later
 * views count like those of view 0: if all proposals of view 0 miss the deadline, the later ones
 * still show how long building takes.
 */
export function measureProposal(context: StepContext): void {
  const { state, elapsed } = context;
  const accepted = state.proposal?.proposal;
  if (accepted === undefined) return;
  // An own block is dated by the clock in question.
  const clockDoubted = state.measures.clockDoubted && accepted.leader === state.me;
  patch(context, {
    pace: { ...state.pace, votableAt: elapsed },
    measures: { ...state.measures, clockDoubted },
  });
  const { from } = state.pace;
  if (from?.view === accepted.view) {
    measure(context, accepted.leader, { late: Math.max(0, elapsed - from.at) });
  } else if (accepted.view === 0) {
    // It came before this replica had a reason to wait for one.
    measure(context, accepted.leader, { late: 0 });
  }
}

/**
 * Records the lateness in milliseconds of a proposal of view 0 that arrived after this replica had
 * given up that view.
 */
export function measureLate(context: StepContext, leader: ValidatorIndex): void {
  const { firstFrom } = context.state.pace;
  if (firstFrom === undefined) return;
  measure(context, leader, { late: Math.max(0, context.elapsed - firstFrom) });
}

/**
 * Measures how long a quorum took: from the votable proposal, and from the PREPARE certificate, to
 * the COMMIT certificate. MUST be called before the COMMIT certificate is stored.
 */
export function measureQuorum(context: StepContext, certificate: QuorumCertificate): void {
  const { state, elapsed } = context;
  const { prepared, preparedAt, proposal, pace } = state;
  const { view } = certificate;
  const since = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : Math.max(0, elapsed - at);
  // Also without a COMMIT of our own: who gives up too early must learn it from the others.
  const round = prepared?.view === view ? since(preparedAt) : undefined;
  const work = proposal?.proposal.view === view ? since(pace.votableAt) : undefined;
  const leader = leaderAt(state, view);
  // It falls by half at most: what was allowed after giving up needlessly is not forgotten at once.
  const last = slotAt(state.measures.leaders, leader)?.round ?? 0;
  measure(context, leader, {
    ...(round === undefined ? {} : { round: Math.max(round, Math.floor(last / 2)) }),
    ...(work === undefined ? {} : { work }),
  });
}

function measure(context: StepContext, leader: ValidatorIndex, taken: LeaderMeasure): void {
  const { measures } = context.state;
  const leaders = withMeasure(measures.leaders, leader, taken);
  patch(context, { measures: { ...measures, leaders } });
}

/**
 * Returns the measures with which the next sequence begins. `state`: state at the end of the
 * finished sequence.
 */
export function measuresAfter(
  context: Pick<StepContext, "config"> & { readonly state: State },
  certificate: Pick<QuorumCertificate, "view" | "digest">,
  next: State["head"]["validators"],
): Measures {
  const { state } = context;
  const { measures, pace } = state;
  const isNeedless = certificate.view < state.view;
  const leaders = isNeedless
    ? withMeasure(
        measures.leaders,
        leaderAt(state, certificate.view),
        afterNeedlessTimeout(context),
      )
    : measures.leaders;
  const { untimely } = pace;
  const isUntimely = untimely !== undefined && equalBytes(untimely, certificate.digest);
  return {
    ...measures,
    leaders: moveMeasures(leaders, state.head.validators, next),
    clockDoubted: measures.clockDoubted || isUntimely,
  };
}

/**
 * Records when voters with more than a third of the power had sent PREPARE for a block. One of them
 * is honest and has the block, so its leader has sent it. The next leader's turn counts from that
 * time, even if the block is sent late to the next leader alone.
 */
export function noteTold(context: StepContext, { digest }: Pick<Prepare, "digest">): void {
  const { pace } = context.state;
  if (pace.told !== undefined && equalBytes(pace.told.digest, digest)) return;
  patch(context, { pace: { ...pace, told: { digest, at: context.elapsed } } });
}

/**
 * Returns the elapsed time at which this replica first learned of the final block. Undefined if it
 * did not learn of it before.
 */
export function arrivalOf(
  state: Pick<State, "proposal" | "pace">,
  { digest }: Pick<QuorumCertificate, "digest">,
): number | undefined {
  const { proposal, pace } = state;
  const isHere = proposal !== undefined && equalBytes(proposal.proposal.digest, digest);
  const isTold = pace.told !== undefined && equalBytes(pace.told.digest, digest);
  const times = [isHere ? pace.proposalAt : undefined, isTold ? pace.told?.at : undefined];
  const known = times.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
