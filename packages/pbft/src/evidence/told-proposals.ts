import { equalBytes, type Proposal, type ValidatorIndex, validatorAt } from "@aethel/models";
import { allVotes, type Vote } from "../books/vote-book.ts";
import { patch, type StepContext } from "../step-context.ts";
import { accuseOfDoubleProposal } from "./evidence.ts";

/**
 * Most accepted proposals of one sequence that are remembered. They are those of the last views.
 */
const PROPOSALS_MAX = 8;

/**
 * Remembers the proposal that this replica accepted. Sends it to voters that voted for another
 * block in the same view, so that they can convict the leader.
 */
export function rememberProposal(context: StepContext, proposal: Proposal): void {
  const { toldProposals, prepares, commits } = context.state;
  patch(context, { toldProposals: [...toldProposals, proposal].slice(-PROPOSALS_MAX) });
  for (const vote of [...allVotes(prepares), ...allVotes(commits)]) answerVote(context, vote);
}

/**
 * Remembers a proposal of a view that is over, if it is the first known one of that view. A leader
 * that was restored from an old copy of its disk may ask for it.
 */
export function rememberLateProposal(context: StepContext, proposal: Proposal): void {
  const { toldProposals } = context.state;
  if (toldProposals.some(({ view }) => view === proposal.view)) return;
  rememberProposal(context, proposal);
}

/** Sends a voter the known proposal of the view of its vote, if the vote is for another block. */
export function answerVote(
  context: StepContext,
  { view, digest, voter }: Pick<Vote, "view" | "digest" | "voter">,
): void {
  const { toldProposals, me } = context.state;
  const told = toldProposals.find((proposal) => proposal.view === view);
  if (told === undefined || voter === me || voter === told.leader) return;
  if (equalBytes(told.digest, digest)) return;
  tell(context, voter, told);
}

/**
 * Accuses a leader if its proposal differs from the one that this replica knows of the same view.
 */
export function compareProposal(context: StepContext, proposal: Proposal): void {
  const { toldProposals, head } = context.state;
  accuseIfOther(context, toldProposals, head.validators, proposal);
}

/** Does the same as `compareProposal` for the sequence of the head. */
export function compareLateProposal(context: StepContext, proposal: Proposal): void {
  const { late, head } = context.state;
  accuseIfOther(context, late.toldProposals, head.previousValidators, proposal);
}

function accuseIfOther(
  context: StepContext,
  told: readonly Proposal[],
  set: StepContext["state"]["head"]["validators"],
  proposal: Proposal,
): void {
  const earlier = told.find(({ view }) => view === proposal.view);
  if (earlier === undefined || earlier.leader !== proposal.leader) return;
  if (equalBytes(earlier.digest, proposal.digest)) return;
  accuseOfDoubleProposal(context, set, [earlier, proposal]);
}

function tell(context: StepContext, voter: ValidatorIndex, proposal: Proposal): void {
  const to = validatorAt(context.state.head.validators, voter)?.id;
  if (to === undefined) return;
  context.effects.push({
    type: "send",
    to,
    message: { type: "pre-prepare", proposal, outline: undefined },
  });
}
