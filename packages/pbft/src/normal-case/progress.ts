import { assert, type Digest, equalBytes, type FinalizedBlock } from "@aethel/models";
import { markDurable } from "../blocks.ts";
import { isSearchDue } from "../evidence/claim-search.ts";
import { dropSettledEvidence } from "../evidence/pending.ts";
import type { SigningEntry } from "../record.ts";
import { leadershipAfter } from "../schedule/leader-at.ts";
import { hashLeadership } from "../schedule/record.ts";
import { type KnownBlock, knownBlock, type State, signingIndex } from "../state.ts";
import { patch, type StepContext } from "../step-context.ts";
import { disarmViewTimer, startOverdue } from "../timing/timing.ts";

/**
 * Takes all steps that the state now allows: voting, finalizing, validating. MUST be called after
 * every change of the state.
 */
export function progress(context: StepContext): void {
  tryPrepare(context);
  tryCommit(context);
  tryFinalize(context);
  validateNext(context);
}

/**
 * Votes PREPARE if the proposal may be voted for and the application has accepted its block. First
 * makes the block durable. After a quorum has signed, every later view may have to propose the
 * block again, and a certificate whose block was lost in a power failure would halt the chain.
 */
function tryPrepare(context: StepContext): void {
  const { state } = context;
  const me = signingIndex(state);
  const accepted = state.proposal;
  if (me === undefined || state.phase !== "active" || accepted?.votable !== true) return;
  const { view, digest } = accepted.proposal;
  assert(view === state.view, "the accepted proposal is of the current view");
  if (state.signed.prepare !== undefined && state.signed.prepare.view >= view) return;
  // An equivocating leader: a certificate of this view for the other block is all that counts now.
  const certified = state.prepared?.view === view ? state.prepared.digest : digest;
  if (!equalBytes(certified, digest)) return;
  const known = knownBlock(state, digest);
  if (known?.verdict !== "accepted") return;
  const { sequence } = state;
  const vote = { sequence, view, digest };
  const entries: readonly SigningEntry[] = [
    ...missingBlock(known),
    { type: "vote", phase: "prepare", ...vote },
  ];
  context.effects.push({ type: "persist", entries });
  patch(context, { signed: { ...state.signed, prepare: { view, digest } } });
  markDurable(context, digest);
  context.effects.push({
    type: "sign-and-send",
    statement: { type: "prepare", ...vote, voter: me },
  });
  if (accepted.fresh) startOverdue(context);
}

/**
 * Votes COMMIT if the current view has a PREPARE certificate and the application has accepted its
 * block. First makes the block, the certificate and the vote durable.
 */
function tryCommit(context: StepContext): void {
  const { state } = context;
  const me = signingIndex(state);
  const { prepared } = state;
  if (me === undefined || state.phase === "committing" || prepared === undefined) return;
  // After asking for view w nothing is signed below w: the certificate must be of this very view.
  if (prepared.view !== state.view) return;
  if (state.signed.commit !== undefined && state.signed.commit.view >= prepared.view) return;
  const known = knownBlock(state, prepared.digest);
  if (known?.verdict !== "accepted") return;
  const { view, digest } = prepared;
  const vote = { sequence: state.sequence, view, digest };
  const entries: readonly SigningEntry[] = [
    ...missingBlock(known),
    { type: "prepared", certificate: prepared },
    { type: "vote", phase: "commit", ...vote },
  ];
  context.effects.push({ type: "persist", entries });
  patch(context, { signed: { ...state.signed, commit: { view, digest } } });
  markDurable(context, digest);
  context.effects.push({
    type: "sign-and-send",
    statement: { type: "commit", ...vote, voter: me },
  });
}

/**
 * Returns the entry of the signing log for a block for which this replica is about to vote. Empty
 * if the log has the block already.
 */
function missingBlock({ durable, block }: KnownBlock): readonly SigningEntry[] {
  return durable ? [] : [{ type: "block", block }];
}

/**
 * Starts committing the block with the COMMIT certificate if the application has accepted it. If
 * the application has refused it, first has it searched for a false header, then stops the replica.
 */
function tryFinalize(context: StepContext): void {
  const { state } = context;
  const { committed } = state;
  if (committed === undefined) return;
  const known = knownBlock(state, committed.digest);
  if (known === undefined) return;
  if (known.verdict === "refused") return stopFor(context, known);
  if (known.verdict !== "accepted" || state.phase === "committing") return;
  startCommitting(context, { block: known.block, certificate: committed });
}

/**
 * Passes a final block to the application. Until the application has applied it, this replica
 * handles nothing else. Stops the replica if the hash of the leaders' record in the header differs
 * from the one that this replica computes.
 */
export function startCommitting(
  context: StepContext,
  finalized: Extract<StepContext["effects"][number], { type: "commit" }>["finalized"],
): void {
  const { certificate, block } = finalized;
  assert(certificate.phase === "commit", "only a COMMIT certificate makes a block final");
  assert(certificate.sequence === context.state.sequence, "blocks become final in order");
  const { head } = context.state;
  const leadership = leadershipAfter(head, block.parentCertificate);
  if (
    leadership !== undefined &&
    !equalBytes(hashLeadership(leadership), block.header.leadership)
  ) {
    return refuseFinal(context, finalized, "with another record of leaders");
  }
  disarmViewTimer(context);
  dropSettledEvidence(context, block.evidence);
  patch(context, {
    phase: "committing",
    committed: certificate,
    committing: block,
    validating: undefined,
  });
  context.effects.push({ type: "commit", finalized, view: certificate.view, leadership });
}

/** Records that this replica's application refuses a final block, and stops the replica. */
export function refuseFinal(
  context: StepContext,
  { block, certificate }: FinalizedBlock,
  reason: string,
): void {
  const { digest } = certificate;
  const others = context.state.blocks.filter((known) => !equalBytes(known.digest, digest));
  const refused = { digest, block, verdict: "refused", reason } as const;
  const blocks = [...others, { ...refused, claim: undefined, durable: false }];
  patch(context, { blocks, committed: certificate });
  progress(context);
}

/**
 * Stops the replica, because a quorum made a block final that its own application refuses. One of
 * the two is wrong. First the block is searched for a false header, since a stopped replica finds
 * nothing more.
 */
function stopFor(context: StepContext, known: KnownBlock): void {
  if (isSearchDue(context, known)) return;
  const { digest, reason } = known;
  const { sequence } = context.state;
  disarmViewTimer(context);
  patch(context, { stopped: true });
  context.effects.push({ type: "diverge", sequence, digest, reason });
}

/**
 * Has the application validate the block that is most important now. One block is validated at a
 * time.
 */
export function validateNext(context: StepContext): void {
  const { state } = context;
  const wanted = wantedValidation(state);
  if (wanted === undefined || state.phase === "committing" || state.stopped) return;
  const known = knownBlock(state, wanted.digest);
  if (known === undefined) return;
  if (state.validating !== undefined && equalBytes(state.validating, wanted.digest)) return;
  patch(context, { validating: wanted.digest });
  context.effects.push({ type: "verify", block: known.block, ...wanted });
}

interface Validation {
  readonly digest: Digest;
  readonly patience: "watchdog" | "none";
}

function wantedValidation(state: State): Validation | undefined {
  const { committed, prepared, proposal } = state;
  if (committed !== undefined) return patient(state, committed.digest);
  const digest = proposal?.proposal.digest;
  if (digest !== undefined && knownBlock(state, digest)?.verdict === "unchecked") {
    const certified = prepared !== undefined && equalBytes(prepared.digest, digest);
    if (certified) return { digest, patience: "none" };
    // A block that this replica will not vote for is validated only when others certify it.
    if (proposal?.votable === true) return { digest, patience: "watchdog" };
  }
  return prepared === undefined ? undefined : patient(state, prepared.digest);
}

/**
 * Returns the request to validate a certified block without a watchdog, so that validation may take
 * as long as it needs. Undefined if the block is not here or needs no validation now.
 */
function patient(state: State, digest: Digest): Validation | undefined {
  const verdict = knownBlock(state, digest)?.verdict;
  return verdict === "unchecked" || verdict === "abstained"
    ? { digest, patience: "none" }
    : undefined;
}
