import { compareBytes, equalBytes } from "../bytes.ts";
import { digest, type Infer, sequence, signature, struct, union, view } from "../codec/index.ts";
import type { Digest } from "../ids.ts";
import type { VerifySigned } from "../keys/certificate-scheme.ts";
import { verifySigned } from "../keys/signer.ts";
import { accused } from "./accused.ts";
import { Phase, signableVote } from "./certificate.ts";
import { FalseHeader, isVoteSigned } from "./false-header.ts";
import { signableProposal } from "./proposal.ts";
import { signableViewChange, ViewChangeBody } from "./view-change.ts";

const Signed = struct("Signed", { digest, signature });

/** Two votes of one phase for different blocks in one view. `first` has the smaller digest. */
export const DoubleVote = struct("DoubleVote", {
  ...accused,
  phase: Phase,
  sequence,
  view,
  first: Signed,
  second: Signed,
});
export type DoubleVote = Infer<typeof DoubleVote>;

/** Two proposals for different blocks in one view. `first` has the smaller digest. */
export const DoubleProposal = struct("DoubleProposal", {
  ...accused,
  sequence,
  view,
  first: Signed,
  second: Signed,
});
export type DoubleProposal = Infer<typeof DoubleProposal>;

/**
 * A COMMIT in some view, and a ViewChange to a later view that does not name that block as
 * prepared. No honest replica signs both.
 */
export const HiddenLock = struct("HiddenLock", {
  ...accused,
  /** View of the COMMIT; its sequence is that of the body. */
  view,
  commit: Signed,
  body: ViewChangeBody,
  signature,
});
export type HiddenLock = Infer<typeof HiddenLock>;

/** Self-contained proof of misbehaviour. */
export const Evidence = union("Evidence", {
  "double-vote": DoubleVote,
  "double-proposal": DoubleProposal,
  "hidden-lock": HiddenLock,
  "false-header": FalseHeader,
});
export type Evidence = Infer<typeof Evidence>;

/** Reason for which evidence is invalid. */
export type EvidenceDefect = "same-digest" | "unordered" | "lock-not-hidden" | "bad-signature";

/**
 * Checks the signatures and the contradiction for the key that the evidence names. `verify`
 * replaces the check of one signature. Does not check that `key` was that of `validator` at the
 * sequence, nor an application's claim.
 */
export function findEvidenceDefect(
  genesis: Digest,
  item: Evidence,
  verify: VerifySigned = verifySigned,
): EvidenceDefect | undefined {
  switch (item.type) {
    case "double-vote":
      return pairDefect(item, ({ digest: of, signature: seal }) =>
        verify(item.key, signableVote(item.phase, genesis, { ...item, digest: of }), seal),
      );
    case "double-proposal":
      return pairDefect(item, ({ digest: of, signature: seal }) =>
        verify(item.key, signableProposal(genesis, { ...item, digest: of }), seal),
      );
    case "hidden-lock":
      return hiddenLockDefect(genesis, item, verify);
    case "false-header":
      return isVoteSigned(genesis, item, verify) ? undefined : "bad-signature";
  }
}

type SignedDigest = Infer<typeof Signed>;

function pairDefect(
  item: { readonly first: SignedDigest; readonly second: SignedDigest },
  isSigned: (half: SignedDigest) => boolean,
): EvidenceDefect | undefined {
  const order = compareBytes(item.first.digest, item.second.digest);
  if (order === 0) return "same-digest";
  if (order > 0) return "unordered";
  return isSigned(item.first) && isSigned(item.second) ? undefined : "bad-signature";
}

function hiddenLockDefect(
  genesis: Digest,
  item: HiddenLock,
  verify: VerifySigned,
): EvidenceDefect | undefined {
  const { body, commit } = item;
  const ownsUp =
    body.prepared !== undefined &&
    (body.prepared.view > item.view ||
      (body.prepared.view === item.view && equalBytes(body.prepared.digest, commit.digest)));
  if (item.view >= body.newView || ownsUp) return "lock-not-hidden";
  const vote = { sequence: body.sequence, view: item.view, digest: commit.digest };
  const bothSigned =
    verify(item.key, signableVote("commit", genesis, vote), commit.signature) &&
    verify(item.key, signableViewChange(genesis, body), item.signature);
  return bothSigned ? undefined : "bad-signature";
}
