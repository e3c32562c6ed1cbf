import { type Block, type Digest, equalBytes } from "@aethel/models";
import { keepBlock, setVerdict } from "../blocks.ts";
import { accuseVotersOf, usableClaim } from "../evidence/false-header.ts";
import type { ApplicationVerdict } from "../ports.ts";
import { knownBlock, type State } from "../state.ts";
import { discard, patch, report, type StepContext } from "../step-context.ts";
import { appraiseProposal, refuseProposal } from "./accept.ts";
import { progress } from "./progress.ts";

/**
 * Handles a block that has arrived. Discards it unless the current proposal or a certificate names
 * it.
 */
export function onBlock(context: StepContext, digest: Digest, block: Block): void {
  const { state } = context;
  const wanted = [state.proposal?.proposal.digest, state.prepared?.digest, state.committed?.digest];
  const isWanted = wanted.some((other) => other !== undefined && equalBytes(other, digest));
  if (!isWanted || state.phase === "committing") return discard(context, "block", "not-asked-for");
  if (knownBlock(state, digest) !== undefined) return discard(context, "block", "duplicate");
  keepBlock(context, digest, block);
  appraiseProposal(context);
  progress(context);
}

/**
 * Handles the result of a validation: the application accepted the block, refused it, or abstained
 * because it could not decide.
 */
export function onVerdict(context: StepContext, digest: Digest, verdict: ApplicationVerdict): void {
  const { state } = context;
  if (state.validating === undefined || !equalBytes(state.validating, digest)) {
    return discard(context, "verdict", "not-asked-for");
  }
  const reason = verdict.type === "accepted" ? "" : verdict.reason;
  patch(context, { validating: undefined });
  report(context, { type: "verdict", digest, verdict: verdict.type, reason });
  const known = knownBlock(state, digest);
  if (known === undefined) return progress(context);
  // A second abstention means that patience was no help: the resend timer tries again.
  const again = known.verdict === "abstained" || isCertified(state, digest);
  const kept = verdict.type === "abstained" && again ? "postponed" : verdict.type;
  const said = usableClaim(verdict.type === "refused" ? verdict.claim : undefined);
  const claim = said ?? known.claim;
  setVerdict(context, digest, { verdict: kept, reason, claim });
  if (claim !== undefined) accuseVotersOf(context, digest);
  const proposed = state.proposal?.proposal.digest;
  const refused = verdict.type === "refused" && proposed !== undefined;
  if (refused && equalBytes(proposed, digest)) refuseProposal(context);
  progress(context);
}

/**
 * Makes postponed blocks eligible for validation again. A block is postponed if the application
 * abstained even without a watchdog.
 */
export function retryValidation(context: StepContext): void {
  const blocks = context.state.blocks.map((known) =>
    known.verdict === "postponed" ? { ...known, verdict: "abstained" as const } : known,
  );
  if (context.state.blocks.some((known) => known.verdict === "postponed"))
    patch(context, { blocks });
  progress(context);
}

function isCertified(state: State, digest: Digest): boolean {
  return [state.prepared, state.committed].some(
    (certificate) => certificate !== undefined && equalBytes(certificate.digest, digest),
  );
}
