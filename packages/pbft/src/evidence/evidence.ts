import {
  compareBytes,
  type Evidence,
  equalBytes,
  type Phase,
  type Proposal,
  type Sequence,
  type Signature,
  toHex,
  type ValidatorIndex,
  type ValidatorSet,
  type ViewChange,
  validatorAt,
} from "@aethel/models";
import { type Draft, patch, report } from "../draft.ts";
import type { Vote } from "../normal-case/vote-book.ts";
import type { SignedDigest } from "../record.ts";

/** Two votes of one validator of `set` in one phase and view, for different blocks. */
export function accuseOfDoubleVote(
  draft: Draft,
  where: { readonly phase: Phase; readonly sequence: Sequence; readonly set: ValidatorSet },
  votes: readonly [Vote, Vote],
): void {
  const { phase, sequence, set } = where;
  const accused = identityOf(set, votes[0].voter);
  if (accused === undefined) return;
  const { view } = votes[0];
  accuse(draft, { type: "double-vote", ...accused, phase, sequence, view, ...ordered(votes) });
}

/** Two proposals of one leader in one view, for different blocks. */
export function accuseOfDoubleProposal(
  draft: Draft,
  proposals: readonly [Proposal, Proposal],
): void {
  const accused = identityOf(draft.state.head.validators, proposals[0].leader);
  if (accused === undefined) return;
  const { sequence, view } = proposals[0];
  accuse(draft, { type: "double-proposal", ...accused, sequence, view, ...ordered(proposals) });
}

/** Accuses when `request` does not own up to what its signer must have prepared to send `commit`. */
export function checkHiddenLock(draft: Draft, commit: Vote, request: ViewChange): void {
  const { body, signature } = request;
  const { prepared } = body;
  const ownsUp =
    prepared !== undefined &&
    (prepared.view > commit.view ||
      (prepared.view === commit.view && equalBytes(prepared.digest, commit.digest)));
  if (commit.view >= body.newView || ownsUp) return;
  const accused = identityOf(draft.state.head.validators, commit.voter);
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

/** Forgets what a final block holds: it will be punished there, once. */
export function dropSettledEvidence(draft: Draft, settled: readonly Evidence[]): void {
  if (settled.length === 0 || draft.state.evidence.length === 0) return;
  const keys = new Set(settled.map(offenceKey));
  const evidence = draft.state.evidence.filter((item) => !keys.has(offenceKey(item.evidence)));
  patch(draft, { evidence });
}

/** One offence is punished once, however many messages prove it (DESIGN §5). */
export function offenceKey(evidence: Evidence): string {
  const who = toHex(evidence.validator);
  switch (evidence.type) {
    case "double-vote":
      return `${evidence.type}/${who}/${evidence.sequence}/${evidence.view}/${evidence.phase}`;
    case "double-proposal":
      return `${evidence.type}/${who}/${evidence.sequence}/${evidence.view}`;
    case "hidden-lock":
      return `${evidence.type}/${who}/${evidence.body.sequence}/${evidence.view}`;
    case "invalid-verification":
      // One false block convicts a voter once, in however many views and phases it voted for it.
      return `${evidence.type}/${who}/${evidence.header.sequence}`;
  }
}

/** Keeps evidence for the next block and reports it, unless this offence is known. */
export function accuse(draft: Draft, evidence: Evidence): void {
  const { state, config } = draft;
  const key = offenceKey(evidence);
  if (state.evidence.some((pending) => offenceKey(pending.evidence) === key)) return;
  if (state.evidence.length >= config.evidenceMax) return;
  patch(draft, { evidence: [...state.evidence, { evidence, offered: false }] });
  report(draft, { type: "evidence", evidence });
}

/** The key that verified the signatures, looked up where the votes were counted (B20). */
export function identityOf(
  set: ValidatorSet,
  index: ValidatorIndex,
): Pick<Evidence, "validator" | "key"> | undefined {
  const found = validatorAt(set, index);
  return found === undefined ? undefined : { validator: found.id, key: found.key };
}

type Signed = Pick<SignedDigest, "digest"> & { readonly signature: Signature };

function ordered(pair: readonly [Signed, Signed]): { first: Signed; second: Signed } {
  const [left, right] = pair.map(({ digest, signature }) => ({ digest, signature }));
  if (left === undefined || right === undefined) throw new Error("a pair has two");
  const inOrder = compareBytes(left.digest, right.digest) < 0;
  return inOrder ? { first: left, second: right } : { first: right, second: left };
}
