import { type Block, type Digest, equalBytes } from "@aethel/models";
import { keepBlock, setVerdict } from "../blocks.ts";
import { type Draft, discard, patch, report } from "../draft.ts";
import { accuseVotersOf, usableClaim } from "../evidence/false-header.ts";
import type { ApplicationVerdict } from "../ports.ts";
import { knownBlock, type State } from "../state.ts";
import { appraiseProposal, refuseProposal } from "./accept.ts";
import { progress } from "./progress.ts";

/** A block that was asked for has come. */
export function onBlock(draft: Draft, digest: Digest, block: Block): void {
  const { state } = draft;
  const wanted = [state.proposal?.proposal.digest, state.prepared?.digest, state.committed?.digest];
  const isWanted = wanted.some((other) => other !== undefined && equalBytes(other, digest));
  if (!isWanted || state.phase === "committing") return discard(draft, "block", "not-asked-for");
  if (knownBlock(state, digest) !== undefined) return discard(draft, "block", "duplicate");
  keepBlock(draft, digest, block);
  appraiseProposal(draft);
  progress(draft);
}

/** The application has judged and executed a block, or could not. */
export function onVerdict(draft: Draft, digest: Digest, verdict: ApplicationVerdict): void {
  const { state } = draft;
  if (state.judging === undefined || !equalBytes(state.judging, digest)) {
    return discard(draft, "verdict", "not-asked-for");
  }
  const reason = verdict.type === "accepted" ? "" : verdict.reason;
  patch(draft, { judging: undefined });
  report(draft, { type: "verdict", digest, verdict: verdict.type, reason });
  const known = knownBlock(state, digest);
  if (known === undefined) return progress(draft);
  // A second abstention means that patience was no help: the resend timer tries again.
  const again = known.verdict === "abstained" || isCertified(state, digest);
  const kept = verdict.type === "abstained" && again ? "postponed" : verdict.type;
  const claim = usableClaim(verdict.type === "refused" ? verdict.claim : undefined);
  setVerdict(draft, digest, { verdict: kept, reason, claim });
  if (claim !== undefined) accuseVotersOf(draft, digest);
  const proposed = state.proposal?.proposal.digest;
  const refused = verdict.type === "refused" && proposed !== undefined;
  if (refused && equalBytes(proposed, digest)) refuseProposal(draft);
  progress(draft);
}

/** Makes blocks that could not be judged even without a watchdog eligible again. */
export function retryJudging(draft: Draft): void {
  const blocks = draft.state.blocks.map((known) =>
    known.verdict === "postponed" ? { ...known, verdict: "abstained" as const } : known,
  );
  if (draft.state.blocks.some((known) => known.verdict === "postponed")) patch(draft, { blocks });
  progress(draft);
}

function isCertified(state: State, digest: Digest): boolean {
  return [state.prepared, state.committed].some(
    (certificate) => certificate !== undefined && equalBytes(certificate.digest, digest),
  );
}
