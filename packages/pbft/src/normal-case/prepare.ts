import { createCertificate, isQuorum, isWeakQuorum, type Prepare } from "@aethel/models";
import { addVote, votesFor } from "../books/vote-book.ts";
import { type Draft, discard, patch } from "../draft.ts";
import { accuseOfDoubleVote } from "../evidence/evidence.ts";
import { accuseOfFalseHeader } from "../evidence/false-header.ts";
import { answerVote } from "../evidence/told-proposals.ts";
import { noteTold } from "../timing/measuring.ts";
import { adoptPrepareCertificate } from "./certificates.ts";

/** A quorum of PREPARE votes for one block in one view makes it prepared (PBFT §4.2). */
export function onPrepare(draft: Draft, message: Prepare): void {
  const { state } = draft;
  const set = state.head.validators;
  const outcome = addVote(state.prepares, set, message, state.view);
  if (outcome.type === "conflict") {
    const where = { phase: "prepare", sequence: state.sequence, set } as const;
    accuseOfDoubleVote(draft, where, [outcome.earlier, message]);
  }
  accuseOfFalseHeader(draft, "prepare", message);
  if (outcome.type !== "added") return discard(draft, "prepare", outcome.type);
  answerVote(draft, message);
  const own = message.voter === state.me;
  const sent = own ? { ...state.sent, prepare: message } : state.sent;
  patch(draft, { prepares: outcome.book, sent });
  if (isWeakQuorum(outcome.power, set)) noteTold(draft, message);
  if (!isQuorum(outcome.power, set)) return;
  if (state.prepared !== undefined && state.prepared.view >= message.view) return;
  const votes = votesFor(outcome.book, message);
  adoptPrepareCertificate(
    draft,
    createCertificate({ phase: "prepare", vote: message, set, votes }),
  );
}
