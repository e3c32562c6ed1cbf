import { equalBytes, type Proposal, type ValidatorIndex, validatorAt } from "@aethel/models";
import { allVotes, type Vote } from "../books/vote-book.ts";
import { type Draft, patch } from "../draft.ts";
import { accuseOfDoubleProposal } from "./evidence.ts";

/** Accepted proposals of one sequence that are remembered, of the last views. */
const PROPOSALS_MAX = 8;

/**
 * Remembers the proposal that this replica accepted, and tells it to those whose votes show that
 * their leader told them another: one of the two then holds both.
 */
export function rememberProposal(draft: Draft, proposal: Proposal): void {
  const { toldProposals, prepares, commits } = draft.state;
  patch(draft, { toldProposals: [...toldProposals, proposal].slice(-PROPOSALS_MAX) });
  for (const vote of [...allVotes(prepares), ...allVotes(commits)]) answerVote(draft, vote);
}

/**
 * Remembers the proposal of a view that is over, if it is the first that is heard of it: its leader may
 * ask for it when it starts from an old copy of its disk.
 */
export function rememberLateProposal(draft: Draft, proposal: Proposal): void {
  const { toldProposals } = draft.state;
  if (toldProposals.some(({ view }) => view === proposal.view)) return;
  rememberProposal(draft, proposal);
}

/** Tells a voter the proposal of its vote's view if it voted for another block. */
export function answerVote(
  draft: Draft,
  { view, digest, voter }: Pick<Vote, "view" | "digest" | "voter">,
): void {
  const { toldProposals, me } = draft.state;
  const told = toldProposals.find((proposal) => proposal.view === view);
  if (told === undefined || voter === me || voter === told.leader) return;
  if (equalBytes(told.digest, digest)) return;
  tell(draft, voter, told);
}

/** Accuses a leader whose proposal differs from the one that it told this replica in that view. */
export function compareProposal(draft: Draft, proposal: Proposal): void {
  const { toldProposals, head } = draft.state;
  accuseIfOther(draft, toldProposals, head.validators, proposal);
}

/** As `compareProposal`, for the sequence of the head. */
export function compareLateProposal(draft: Draft, proposal: Proposal): void {
  const { late, head } = draft.state;
  accuseIfOther(draft, late.toldProposals, head.previousValidators, proposal);
}

function accuseIfOther(
  draft: Draft,
  told: readonly Proposal[],
  set: Draft["state"]["head"]["validators"],
  proposal: Proposal,
): void {
  const earlier = told.find(({ view }) => view === proposal.view);
  if (earlier === undefined || earlier.leader !== proposal.leader) return;
  if (equalBytes(earlier.digest, proposal.digest)) return;
  accuseOfDoubleProposal(draft, set, [earlier, proposal]);
}

function tell(draft: Draft, voter: ValidatorIndex, proposal: Proposal): void {
  const to = validatorAt(draft.state.head.validators, voter)?.id;
  if (to === undefined) return;
  draft.effects.push({
    type: "send",
    to,
    message: { type: "pre-prepare", proposal, outline: undefined },
  });
}
