import { compareBytes, equalBytes } from "../bytes.ts";
import { digest, type Infer, sequence, signature, struct, union, view } from "../codec/index.ts";
import type { Digest, Sequence } from "../ids.ts";
import type { VerifySigned } from "../keys/certificate-scheme.ts";
import { verifySigned } from "../keys/signer.ts";
import { accused } from "./accused.ts";
import { Phase, signableVote } from "./certificate.ts";
import { FalseHeader, isVoteSigned } from "./false-header.ts";
import { signableProposal } from "./proposal.ts";
import { signableViewChange, ViewChangeBody } from "./view-change.ts";

const Signed = struct("Signed", { digest, signature });

/**
 * Two votes in one phase, sequence and view for different blocks. `first` has the smaller digest.
 */
export const DoubleVote = struct("DoubleVote", {
  ...accused,
  phase: Phase,
  sequence,
  view,
  first: Signed,
  second: Signed,
});
export type DoubleVote = Infer<typeof DoubleVote>;

/** Two proposals at one sequence and view for different blocks. `first` has the smaller digest. */
export const DoubleProposal = struct("DoubleProposal", {
  ...accused,
  sequence,
  view,
  first: Signed,
  second: Signed,
});
export type DoubleProposal = Infer<typeof DoubleProposal>;

/**
 * A COMMIT in some view and a ViewChange to a later view, by one signer. The ViewChange names
 * neither the committed block as prepared nor one prepared in a later view. An honest replica never
 * signs both.
 */
export const HiddenLock = struct("HiddenLock", {
  ...accused,
  /** View of the COMMIT. The COMMIT's sequence is `body.sequence`. */
  view,
  commit: Signed,
  body: ViewChangeBody,
  signature,
});
export type HiddenLock = Infer<typeof HiddenLock>;

/** Proof that a validator broke the protocol. It needs no other messages. */
export const Evidence = union("Evidence", {
  "double-vote": DoubleVote,
  "double-proposal": DoubleProposal,
  "hidden-lock": HiddenLock,
  "false-header": FalseHeader,
});
export type Evidence = Infer<typeof Evidence>;

/** Returns the sequence of the statements that the evidence is about. */
export function offenceSequence(item: Evidence): Sequence {
  switch (item.type) {
    case "double-vote":
    case "double-proposal":
      return item.sequence;
    case "hidden-lock":
      return item.body.sequence;
    case "false-header":
      return item.header.sequence;
  }
}

/** Reason why evidence is invalid. */
export type EvidenceDefect = "same-digest" | "unordered" | "lock-not-hidden" | "bad-signature";

/**
 * Checks that the signatures are by the key in the evidence, and that the signed messages
 * contradict each other. Returns the first reason why not; undefined if both hold. `verify`
 * replaces the check of one signature. Not checked: whether `key` was the key of `validator` at the
 * sequence, and whether an application's claim is true.
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
