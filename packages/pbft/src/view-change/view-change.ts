import { assert, equalBytes, toView, type View, type ViewChange } from "@aethel/models";
import { type Draft, discard, patch, report } from "../draft.ts";
import type { DiscardReason, ViewChangeCause } from "../effect.ts";
import { witnessRequest } from "../evidence/hidden-lock.ts";
import { tryNewView } from "../leader/lead.ts";
import { isParentCertificate } from "../normal-case/blocks.ts";
import { adoptPrepareCertificate } from "../normal-case/certificates.ts";
import { isDisputed } from "../pacemaker/dispute.ts";
import { armViewTimer, disarmViewTimer, startResend } from "../pacemaker/timing.ts";
import { type State, signingIndex } from "../state.ts";
import { addViewChange, joinableView } from "./view-change-book.ts";

/**
 * Asks for a later view. From here on this replica signs nothing at the sequence in a view below
 * `view`, also after a restart: the request is durable before it leaves.
 */
export function askForView(draft: Draft, view: View, cause: ViewChangeCause): void {
  const { state } = draft;
  const me = signingIndex(state);
  if (me === undefined || state.phase === "committing" || state.committed !== undefined) return;
  assert(view > state.view, "a view change goes forward");
  const { head, sequence, prepared } = state;
  assert(prepared === undefined || prepared.view < view, "a lock is older than the view asked for");
  const body = {
    validators: head.validators.hash,
    sequence,
    newView: view,
    parent: head.digest,
    prepared: prepared && { view: prepared.view, digest: prepared.digest },
  };
  disarmViewTimer(draft);
  draft.effects.push({
    type: "persist",
    entries: [{ type: "view-change", body, prepareCertificate: prepared }],
  });
  patch(draft, { view, phase: "changing", proposal: undefined, proposing: undefined });
  draft.effects.push({
    type: "sign-and-send",
    statement: {
      type: "view-change",
      body,
      voter: me,
      parentCertificate: head.certificate,
      prepareCertificate: prepared,
    },
  });
  report(draft, { type: "view-changed", sequence, view, cause });
  startResend(draft);
}

/** A validator asks for a later view (PBFT §4.4). */
export function onViewChange(draft: Draft, message: ViewChange): void {
  const defect = findViewChangeDefect(draft.state, message);
  if (defect !== undefined) return discard(draft, "view-change", defect);
  witnessRequest(draft, message.voter, message);
  const { state } = draft;
  const book = addViewChange(state.viewChanges, state.head.validators, message);
  if (book === undefined) return discard(draft, "view-change", "superseded");
  const own = message.voter === state.me;
  const sent = own ? { ...state.sent, viewChange: message } : state.sent;
  patch(draft, { viewChanges: book, sent });
  if (message.prepareCertificate !== undefined) {
    adoptPrepareCertificate(draft, message.prepareCertificate);
  }
  followViewChanges(draft);
}

/** The join rule, the timer of the view that a quorum waits for, and the duty of its leader. */
export function followViewChanges(draft: Draft): void {
  const { state } = draft;
  const set = state.head.validators;
  if (state.phase === "committing" || state.committed !== undefined) return;
  const joinable = joinableView(state.viewChanges, set);
  if (joinable !== undefined && joinable > state.view) {
    return askForView(draft, joinable, "joined");
  }
  if (isDisputed(state)) return askForView(draft, nextView(state), "overdue");
  armViewTimer(draft);
  tryNewView(draft);
}

/** The next view after the current one. */
export function nextView(state: State): View {
  return toView(state.view + 1);
}

/** The logic of a request; its signatures and those of its certificates were verified before. */
export function findViewChangeDefect(state: State, message: ViewChange): DiscardReason | undefined {
  const { body } = message;
  const { head } = state;
  if (!equalBytes(body.validators, head.validators.hash)) return "wrong-set";
  if (!equalBytes(body.parent, head.digest)) return "wrong-parent";
  if (body.newView === 0) return "wrong-view";
  if (!isParentCertificate(state, message.parentCertificate)) return "bad-justification";
  return isOwnedUp(message) ? undefined : "bad-justification";
}

/** Whether what a request says to be prepared is shown by the certificate that comes with it. */
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
