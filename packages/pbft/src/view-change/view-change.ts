import { equalBytes, type ViewChange } from "@aethel/models";
import { isParentCertificate } from "../blocks.ts";
import { addViewChange, joinableView } from "../books/view-change-book.ts";
import type { DiscardReason } from "../effect.ts";
import { witnessRequest } from "../evidence/hidden-lock.ts";
import { tryNewView } from "../leader/lead.ts";
import { adoptPrepareCertificate } from "../normal-case/certificates.ts";
import type { State } from "../state.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
import { isDisputed } from "../timing/dispute.ts";
import { armViewTimer } from "../timing/timing.ts";
import { askForView, nextView } from "../views/ask-for-view.ts";

/** Handles a validator's request for a later view (PBFT §4.4). */
export function onViewChange(context: StepContext, message: ViewChange): void {
  const defect = findViewChangeDefect(context.state, message);
  if (defect !== undefined) return discard(context, "view-change", defect);
  witnessRequest(context, message.voter, message);
  const { state } = context;
  const book = addViewChange(state.viewChanges, state.head.validators, message);
  if (book === undefined) return discard(context, "view-change", "superseded");
  const own = message.voter === state.me;
  const sent = own ? { ...state.sent, viewChange: message } : state.sent;
  patch(context, { viewChanges: book, sent });
  if (message.prepareCertificate !== undefined) {
    adoptPrepareCertificate(context, message.prepareCertificate);
  }
  followViewChanges(context);
}

/**
 * Acts on the requests for later views. Joins a later view that a weak quorum has requested, or
 * leaves a disputed view. Otherwise starts the view timer if a block is due and, if this replica
 * leads the requested view, opens it.
 */
export function followViewChanges(context: StepContext): void {
  const { state } = context;
  const set = state.head.validators;
  if (state.phase === "committing" || state.committed !== undefined) return;
  const joinable = joinableView(state.viewChanges, set);
  if (joinable !== undefined && joinable > state.view) {
    return askForView(context, joinable, "joined");
  }
  if (isDisputed(state)) return askForView(context, nextView(state), "overdue");
  armViewTimer(context);
  tryNewView(context);
}

/**
 * Returns what is wrong with the content of a request for a view; undefined if nothing is.
 * Signatures were verified before.
 */
export function findViewChangeDefect(state: State, message: ViewChange): DiscardReason | undefined {
  const { body } = message;
  const { head } = state;
  if (!equalBytes(body.validators, head.validators.hash)) return "wrong-set";
  if (!equalBytes(body.parent, head.digest)) return "wrong-parent";
  if (body.newView === 0) return "wrong-view";
  if (!isParentCertificate(state, message.parentCertificate)) return "bad-justification";
  return isOwnedUp(message) ? undefined : "bad-justification";
}

/**
 * Whether the certificate in a request proves the prepared block that the request names. If the
 * request names none, it must have no certificate.
 */
export function isOwnedUp({ body, prepareCertificate }: ViewChange): boolean {
  const { prepared, sequence } = body;
  if (prepared === undefined || prepareCertificate === undefined) {
    return prepared === prepareCertificate;
  }
  return (
    prepareCertificate.phase === "prepare" &&
    prepareCertificate.sequence === sequence &&
    prepareCertificate.view === prepared.view &&
    equalBytes(prepareCertificate.digest, prepared.digest) &&
    prepared.view < body.newView
  );
}
