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
 * Greatest number of kept requests of one validator. More are needed only if validators prepared
 * blocks in as many views of one sequence.
 */
const REQUESTS_KEPT_MAX = 8;

/**
 * Checks a request for a later view against the COMMITs of its voter. Keeps the request unless a
 * kept one convicts in every case in which it does, since a COMMIT that contradicts it may come
 * later.
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
  const known = slotAt(context.state.requests, voter) ?? [];
  if (known.some((other) => convictsWherever(other.body, body))) return;
  const needed = [...known.filter((other) => !convictsWherever(body, other.body)), request];
  const kept = needed.length > REQUESTS_KEPT_MAX ? withoutNarrowest(needed) : needed;
  patch(context, { requests: withSlot(context.state.requests, voter, kept) });
}

/** Checks a COMMIT against the requests for later views that its voter has made. */
export function witnessCommit(context: StepContext, commit: Vote): void {
  const set = context.state.head.validators;
  const { requests, viewChanges } = context.state;
  const newest = slotAt(viewChanges.slots, commit.voter);
  const kept = slotAt(requests, commit.voter) ?? [];
  for (const request of newest === undefined ? kept : [...kept, newest]) {
    accuseOfHiddenLock(context, set, commit, request);
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

/**
 * Whether a request convicts with every COMMIT with which `other` does. A request for view w that
 * names view p convicts with COMMITs of the views between both, and with one of p for another block.
 */
function convictsWherever(body: ViewChangeBody, other: ViewChangeBody): boolean {
  if (body.newView < other.newView) return false;
  const [mine, theirs] = [body.prepared, other.prepared];
  if (mine === undefined) return true;
  if (theirs === undefined || mine.view > theirs.view) return false;
  return mine.view < theirs.view || equalBytes(mine.digest, theirs.digest);
}

/** Returns the requests without the one that convicts in the fewest views, the oldest of those. */
function withoutNarrowest(requests: readonly SignedRequest[]): readonly SignedRequest[] {
  const widths = requests.map(({ body }) => body.newView - (body.prepared?.view ?? -1));
  return requests.toSpliced(widths.indexOf(Math.min(...widths)), 1);
}
