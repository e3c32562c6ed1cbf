import { type Commit, createCertificate, isQuorum } from "@aethel/models";
import { addVote, votesFor } from "../books/vote-book.ts";
import { type Draft, discard, patch } from "../draft.ts";
import { accuseOfDoubleVote } from "../evidence/evidence.ts";
import { accuseOfFalseHeader } from "../evidence/false-header.ts";
import { witnessCommit } from "../evidence/hidden-lock.ts";
import { answerVote } from "../evidence/told-proposals.ts";
import { adoptCommitCertificate } from "./certificates.ts";

/** A quorum of COMMIT votes for one block in one view makes it final, whatever our own view is. */
export function onCommit(draft: Draft, message: Commit): void {
  const { state } = draft;
  const set = state.head.validators;
  const outcome = addVote(state.commits, set, message, state.view);
  if (outcome.type === "conflict") {
    const where = { phase: "commit", sequence: state.sequence, set } as const;
    accuseOfDoubleVote(draft, where, [outcome.earlier, message]);
  }
  witnessCommit(draft, message);
  accuseOfFalseHeader(draft, "commit", message);
  if (outcome.type !== "added") return discard(draft, "commit", outcome.type);
  answerVote(draft, message);
  const own = message.voter === state.me;
  const sent = own ? { ...draft.state.sent, commit: message } : draft.state.sent;
  patch(draft, { commits: outcome.book, sent });
  if (!isQuorum(outcome.power, set) || state.committed !== undefined) return;
  const votes = votesFor(outcome.book, message);
  adoptCommitCertificate(draft, createCertificate({ phase: "commit", vote: message, set, votes }));
}
