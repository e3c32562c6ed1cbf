import {
  assert,
  type Block,
  blockDigest,
  type Digest,
  equalBytes,
  outlineOf,
  type QuorumCertificate,
  toTimestamp,
  toView,
  type ValidatorIndex,
  type View,
  type ViewChange,
} from "@aethel/models";
import { keepBlock, markDurable } from "../blocks.ts";
import { quorumFor } from "../books/view-change-book.ts";
import { settleOffer, takeOffer } from "../evidence/pending.ts";
import type { Occurrence } from "../input.ts";
import { leaderAt, leadershipHashAfter } from "../schedule/leader-at.ts";
import { knownBlock, type State, signingIndex } from "../state.ts";
import { discard, patch, type StepContext } from "../step-context.ts";
import { proposalWaitMs } from "../timing/pacing.ts";
import { hasReason, isSettling } from "../timing/reasons.ts";
import { fullestParentCertificate } from "./parent-certificate.ts";

/**
 * Requests a block from the application if this replica leads view 0, has a reason to propose, and
 * the minimum block interval has passed.
 */
export function considerProposing(context: StepContext): void {
  const { state } = context;
  const first = toView(0);
  if (leadingIndex(state, first) === undefined || state.phase !== "active") return;
  if (state.proposal !== undefined || state.signed.proposal !== undefined) return;
  if (state.proposing !== undefined || state.committed !== undefined) return;
  if (!hasReason(state)) return;
  const delayMs = proposalWaitMs(context);
  if (delayMs > 0) {
    context.effects.push({ type: "start-timer", timer: "propose", delayMs });
    return;
  }
  requestBlock(context, first, isSettling(state) ? "heartbeat" : "work");
}

/**
 * Proposes in a later view after a quorum has requested exactly that view. Proposes the block of
 * the highest prepared view among the requests if there is one, or else a new block.
 */
export function tryNewView(context: StepContext): void {
  const { state } = context;
  const { view } = state;
  const me = leadingIndex(state, view);
  if (me === undefined || state.phase !== "changing" || state.proposing === view) return;
  if (state.committed !== undefined) return;
  const quorum = quorumFor(state.viewChanges, state.head.validators, view);
  if (quorum === undefined) return;
  const highest = highestPrepared(quorum);
  const again = state.signed.proposal?.view === view ? state.signed.proposal.digest : undefined;
  if (highest !== undefined) return sendNewView(context, { quorum, me, digest: highest.digest });
  if (again === undefined) return requestBlock(context, view, "heartbeat");
  // After a restart: this view's proposal is signed already, only the same one may be sent.
  if (knownBlock(state, again) !== undefined) sendNewView(context, { quorum, me, digest: again });
}

/**
 * Handles the application's answer to a request for a block. `block` is undefined if there was
 * nothing to propose.
 */
export function onProposed(
  context: StepContext,
  answer: Pick<Extract<Occurrence, { type: "proposed" }>, "sequence" | "view" | "block">,
): void {
  const { state } = context;
  const { sequence, view, block } = answer;
  const wanted =
    sequence === state.sequence &&
    view === state.view &&
    state.proposing === view &&
    state.phase !== "committing" &&
    state.committed === undefined;
  const me = leadingIndex(state, view);
  if (!wanted || me === undefined) {
    // While the signing log fails; asked for again when it works.
    if (wanted) patch(context, { proposing: undefined });
    return discard(context, "proposed", "not-asked-for");
  }
  if (block === undefined) {
    // Whoever has work says so again; asking at once would spin.
    patch(context, { work: false, ...(view === 0 ? { proposing: undefined } : {}) });
    return;
  }
  settleOffer(context, block);
  if (view === 0) return sendPrePrepare(context, me, block);
  const quorum = quorumFor(state.viewChanges, state.head.validators, view);
  if (quorum === undefined) return discard(context, "proposed", "not-asked-for");
  // A request with a certificate may have come while the block was built: the certificate wins.
  const highest = highestPrepared(quorum);
  if (highest !== undefined) return sendNewView(context, { quorum, me, digest: highest.digest });
  const digest = digestOf(context, block);
  sendNewView(context, { quorum, me, digest });
}

/**
 * Returns the PREPARE certificate of the highest view among requests for a view. Undefined if none
 * has a certificate. The certificates were checked before.
 */
export function highestPrepared(
  requests: readonly Pick<ViewChange, "prepareCertificate">[],
): QuorumCertificate | undefined {
  let highest: QuorumCertificate | undefined;
  for (const { prepareCertificate: certificate } of requests) {
    if (certificate === undefined) continue;
    if (highest === undefined || certificate.view > highest.view) highest = certificate;
  }
  return highest;
}

function leadingIndex(state: State, view: View): ValidatorIndex | undefined {
  const me = signingIndex(state);
  if (me === undefined || view !== state.view) return undefined;
  return leaderAt(state, view) === me ? me : undefined;
}

function requestBlock(context: StepContext, view: View, reason: "work" | "heartbeat"): void {
  const { config, state, now } = context;
  const { head, sequence } = state;
  const earliest = head.header.timestamp + config.minBlockIntervalMs;
  const parentCertificate = fullestParentCertificate(state);
  patch(context, { proposing: view });
  const evidence = takeOffer(context);
  context.effects.push({
    type: "propose",
    sequence,
    view,
    timestamp: toTimestamp(Math.max(earliest, Math.floor(now))),
    parentCertificate,
    evidence,
    leadership: leadershipHashAfter(head, parentCertificate),
    reason,
  });
}

function sendPrePrepare(context: StepContext, me: ValidatorIndex, block: Block): void {
  const { sequence, view } = context.state;
  const digest = digestOf(context, block);
  const proposal = { sequence, view, digest, leader: me };
  persistProposal(context, { view, digest });
  context.effects.push({
    type: "sign-and-send",
    statement: { type: "pre-prepare", proposal, outline: outlineOf(block) },
  });
}

function sendNewView(
  context: StepContext,
  options: {
    readonly quorum: readonly ViewChange[];
    readonly me: ValidatorIndex;
    readonly digest: Digest;
  },
): void {
  const { quorum, me, digest } = options;
  const { state } = context;
  const { sequence, view, head, signed } = state;
  const recorded = signed.proposal?.view === view ? signed.proposal.digest : undefined;
  // One proposal in each view, also across a restart; the next view has another leader.
  if (recorded !== undefined && !equalBytes(recorded, digest)) return;
  if (recorded === undefined) persistProposal(context, { view, digest });
  patch(context, { proposing: view });
  context.effects.push({
    type: "sign-and-send",
    statement: {
      type: "new-view",
      proposal: { sequence, view, digest, leader: me },
      parent: head.digest,
      votes: quorum.map(({ voter, body, signature }) => ({
        voter,
        prepared: body.prepared,
        signature,
      })),
      parentCertificate: head.certificate,
      prepareCertificate: highestPrepared(quorum),
    },
  });
}

function persistProposal(context: StepContext, proposal: { view: View; digest: Digest }): void {
  const { state } = context;
  const { view, digest } = proposal;
  assert(view === state.view, "a leader proposes in its current view");
  assert((state.signed.proposal?.view ?? -1) < view, "a leader proposes once in a view");
  const known = knownBlock(state, digest);
  const block = known === undefined || known.durable ? undefined : known.block;
  context.effects.push({
    type: "persist",
    entries: [
      ...(block === undefined ? [] : [{ type: "block", block } as const]),
      { type: "proposal", sequence: state.sequence, view, digest },
    ],
  });
  if (block !== undefined) markDurable(context, digest);
  patch(context, { signed: { ...context.state.signed, proposal: { view, digest } } });
}

/**
 * Keeps a block that this replica built before its proposal is signed, so that peers can fetch it.
 * Returns its digest.
 */
function digestOf(context: StepContext, block: Block): Digest {
  const digest = blockDigest(block.header);
  keepBlock(context, digest, block);
  return digest;
}
