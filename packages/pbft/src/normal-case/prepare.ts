import { createCertificate, isQuorum, isWeakQuorum, type Prepare } from "@aethel/models";
import { addVote, votesFor } from "../books/vote-book.ts";
import { accuseOfDoubleVote } from "../evidence/evidence.ts";
import { accuseOfFalseHeader } from "../evidence/false-header.ts";
import { answerVote } from "../evidence/told-proposals.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
import { noteTold } from "../timing/measuring.ts";
import { adoptPrepareCertificate } from "./certificates.ts";

/**
 * Counts a PREPARE vote. A quorum of them for one block in one view makes the block prepared (PBFT
 * §4.2).
 */
export function onPrepare(context: StepContext, message: Prepare): void {
  const { state } = context;
  const set = state.head.validators;
  const outcome = addVote(state.prepares, set, message, state.view);
  if (outcome.type === "conflict") {
    const where = { phase: "prepare", sequence: state.sequence, set } as const;
    accuseOfDoubleVote(context, where, [outcome.earlier, message]);
  }
  accuseOfFalseHeader(context, "prepare", message);
  if (outcome.type !== "added") return discard(context, "prepare", outcome.type);
  answerVote(context, message);
  const own = message.voter === state.me;
  const sent = own ? { ...state.sent, prepare: message } : state.sent;
  patch(context, { prepares: outcome.book, sent });
  if (isWeakQuorum(outcome.power, set)) noteTold(context, message);
  if (!isQuorum(outcome.power, set)) return;
  if (state.prepared !== undefined && state.prepared.view >= message.view) return;
  const votes = votesFor(outcome.book, message);
  adoptPrepareCertificate(
    context,
    createCertificate({ phase: "prepare", vote: message, set, votes }),
  );
}
