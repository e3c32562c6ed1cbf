import { assert, type QuorumCertificate } from "@aethel/models";
import { ensureBlock } from "../blocks.ts";
import { accuseSignersOf } from "../evidence/false-header.ts";
import { patch, report, type StepContext } from "../step-context.ts";
import { measureQuorum } from "../timing/measuring.ts";
import { armViewTimer } from "../timing/timing.ts";
import { enterView } from "../views/enter-view.ts";
import { progress } from "./progress.ts";

/**
 * Keeps a PREPARE certificate, whoever made it, if its view is the highest so far at this sequence.
 * Every ViewChange carries this certificate. So no series of view changes loses a lock (B1), and a
 * replica that has not voted for the block reports the lock too (B4).
 */
export function adoptPrepareCertificate(
  context: StepContext,
  certificate: QuorumCertificate,
): void {
  const { state } = context;
  assert(certificate.phase === "prepare", "a lock is a PREPARE certificate");
  assert(certificate.sequence === state.sequence, "a lock is of the current sequence");
  if (state.phase === "committing") return;
  if (state.prepared !== undefined && state.prepared.view >= certificate.view) return;
  const { sequence, view, digest } = certificate;
  patch(context, { prepared: certificate, preparedAt: context.elapsed });
  accuseSignersOf(context, certificate);
  report(context, { type: "prepared", sequence, view, digest });
  // A quorum votes in that view already: its NewView was lost on the way here.
  if (view > state.view) enterView(context, view, "certificate");
  armViewTimer(context);
  ensureBlock(context, digest, undefined);
  progress(context);
}

/** Keeps the COMMIT certificate that makes a block final, whatever its view. */
export function adoptCommitCertificate(context: StepContext, certificate: QuorumCertificate): void {
  const { state } = context;
  assert(certificate.phase === "commit", "only a COMMIT certificate makes a block final");
  assert(certificate.sequence === state.sequence, "blocks become final in order");
  if (state.committed !== undefined) return;
  measureQuorum(context, certificate);
  patch(context, { committed: certificate });
  accuseSignersOf(context, certificate);
  ensureBlock(context, certificate.digest, undefined);
  progress(context);
}
