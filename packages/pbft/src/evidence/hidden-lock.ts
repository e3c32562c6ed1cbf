import {
  equalBytes,
  type ValidatorIndex,
  type ValidatorSet,
  type ViewChangeBody,
} from "@aethel/models";
import type { SignedRequest } from "../books/signed-request.ts";
import { slotAt, withSlot } from "../books/slots.ts";
import { type Vote, votesOf } from "../books/vote-book.ts";
import { type Draft, patch } from "../draft.ts";
import { identityOf } from "./evidence.ts";
import { accuse } from "./pending.ts";

/**
 * Compares a request with the COMMITs of its voter, and remembers the one that owns up to least:
 * a COMMIT may come later.
 */
export function witnessRequest(
  draft: Draft,
  voter: ValidatorIndex,
  { body, signature }: SignedRequest,
): void {
  const request = { body, signature };
  const set = draft.state.head.validators;
  for (const commit of votesOf(draft.state.commits, voter)) {
    accuseOfHiddenLock(draft, set, commit, request);
  }
  const known = slotAt(draft.state.requests, voter);
  if (known !== undefined && !ownsUpToLess(body, known.body)) return;
  patch(draft, { requests: withSlot(draft.state.requests, voter, request) });
}

/** Compares a COMMIT with what its voter asked for before. */
export function witnessCommit(draft: Draft, commit: Vote): void {
  const set = draft.state.head.validators;
  const { requests, viewChanges } = draft.state;
  for (const request of [slotAt(requests, commit.voter), slotAt(viewChanges.slots, commit.voter)]) {
    if (request !== undefined) accuseOfHiddenLock(draft, set, commit, request);
  }
}

/** Accuses when `request` does not own up to what its signer must have prepared to send `commit`. */
export function accuseOfHiddenLock(
  draft: Draft,
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
  accuse(draft, {
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
