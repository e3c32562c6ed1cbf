import {
  equalBytes,
  type ValidatorIndex,
  type ValidatorSet,
  type ViewChangeBody,
} from "@aethel/models";
import type { SignedRequest } from "../books/signed-request.ts";
import { slotAt, withSlot } from "../books/slots.ts";
import { type Vote, votesOf } from "../books/vote-book.ts";
import { patch, type StepContext } from "../step-context.ts";
import { identityOf } from "./evidence.ts";
import { accuse } from "./pending.ts";

/**
 * Checks a request for a later view against the COMMITs of its voter. Keeps the request if it names
 * a lower prepared view than the kept one, since a COMMIT that contradicts it may come later.
 */
export function witnessRequest(
  context: StepContext,
  voter: ValidatorIndex,
  { body, signature }: SignedRequest,
): void {
  const request = { body, signature };
  const set = context.state.head.validators;
  for (const commit of votesOf(context.state.commits, voter)) {
    accuseOfHiddenLock(context, set, commit, request);
  }
  const known = slotAt(context.state.requests, voter);
  if (known !== undefined && !ownsUpToLess(body, known.body)) return;
  patch(context, { requests: withSlot(context.state.requests, voter, request) });
}

/** Checks a COMMIT against the requests for later views that its voter has made. */
export function witnessCommit(context: StepContext, commit: Vote): void {
  const set = context.state.head.validators;
  const { requests, viewChanges } = context.state;
  for (const request of [slotAt(requests, commit.voter), slotAt(viewChanges.slots, commit.voter)]) {
    if (request !== undefined) accuseOfHiddenLock(context, set, commit, request);
  }
}

/**
 * Accuses the voter if its request hides a lock (a PREPARE certificate that it must have had to
 * send `commit`). The request hides it if it names neither the block of `commit` nor one that was
 * prepared in a later view.
 */
export function accuseOfHiddenLock(
  context: StepContext,
  set: ValidatorSet,
  commit: Vote,
  { body, signature }: SignedRequest,
): void {
  const { prepared } = body;
  const ownsUp =
    prepared !== undefined &&
    (prepared.view > commit.view ||
      (prepared.view === commit.view && equalBytes(prepared.digest, commit.digest)));
  if (commit.view >= body.newView || ownsUp) return;
  const accused = identityOf(set, commit.voter);
  if (accused === undefined) return;
  accuse(context, {
    type: "hidden-lock",
    ...accused,
    view: commit.view,
    commit: { digest: commit.digest, signature: commit.signature },
    body,
    signature,
  });
}

function ownsUpToLess(body: ViewChangeBody, known: ViewChangeBody): boolean {
  const [view, other] = [body.prepared?.view ?? -1, known.prepared?.view ?? -1];
  return view < other || (view === other && body.newView > known.newView);
}
