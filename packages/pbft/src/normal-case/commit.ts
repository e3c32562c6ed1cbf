import { type Commit, createCertificate, isQuorum } from "@aethel/models";
import { addVote, votesFor } from "../books/vote-book.ts";
import { accuseOfDoubleVote } from "../evidence/evidence.ts";
import { accuseOfFalseHeader } from "../evidence/false-header.ts";
import { witnessCommit } from "../evidence/hidden-lock.ts";
import { answerVote } from "../evidence/told-proposals.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
import { adoptCommitCertificate } from "./certificates.ts";

/**
 * Counts a COMMIT vote. A quorum of them for one block in one view makes the block final, whatever
 * view this replica is in.
 */
export function onCommit(context: StepContext, message: Commit): void {
  const { state } = context;
  const set = state.head.validators;
  const outcome = addVote(state.commits, set, message, state.view);
  if (outcome.type === "conflict") {
    const where = { phase: "commit", sequence: state.sequence, set } as const;
    accuseOfDoubleVote(context, where, [outcome.earlier, message]);
  }
  witnessCommit(context, message);
  accuseOfFalseHeader(context, "commit", message);
  if (outcome.type !== "added") return discard(context, "commit", outcome.type);
  answerVote(context, message);
  const own = message.voter === state.me;
  const sent = own ? { ...context.state.sent, commit: message } : context.state.sent;
  patch(context, { commits: outcome.book, sent });
  if (!isQuorum(outcome.power, set) || state.committed !== undefined) return;
  const votes = votesFor(outcome.book, message);
  adoptCommitCertificate(
    context,
    createCertificate({ phase: "commit", vote: message, set, votes }),
  );
}
