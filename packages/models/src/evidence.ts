import { compareBytes, equalBytes } from "./bytes.ts";
import { Phase, signableVote } from "./certificate.ts";
import type { VerifySigned } from "./certificate-scheme.ts";
import {
  accountId,
  boundedBytes,
  type Codec,
  digest,
  type Infer,
  publicKey,
  sequence,
  signature,
  struct,
  union,
  view,
} from "./codec/index.ts";
import { BlockHeader, blockDigest } from "./header.ts";
import type { AccountId, Digest, PublicKey, Signature } from "./ids.ts";
import { COUNTEREXAMPLE_BYTES_MAX } from "./limits.ts";
import { ListProof, verifyListItem } from "./list-root.ts";
import { Proof } from "./proof.ts";
import { signableProposal } from "./proposal.ts";
import { verifySigned } from "./signer.ts";
import { VerificationResult } from "./verification.ts";
import { signableViewChange, ViewChangeBody } from "./view-change.ts";

// Whom it blames: the key that signed, and the validator that held this key at that sequence. Who
// judges evidence looks the pair up in the set of the sequence (B20); nothing here is taken on trust.
const accused = { validator: accountId, key: publicKey };

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
 * A COMMIT in some view, and a ViewChange to a later one that does not own up to having prepared
 * that block: no honest replica signs both.
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

/**
 * A vote for a block one of whose results claims `valid` for a claim that is false.
 *
 * `counterexample` is in the verifier's canonical form; that it refutes the claim is for the
 * verifier's plain evaluation to say. Everything else can be checked here.
 */
export const InvalidVerification: Codec<{
  readonly validator: AccountId;
  readonly key: PublicKey;
  readonly phase: Phase;
  readonly view: Infer<typeof view>;
  readonly header: BlockHeader;
  readonly signature: Signature;
  readonly proof: Proof;
  readonly proofPath: ListProof;
  readonly result: VerificationResult;
  readonly resultPath: ListProof;
  readonly counterexample: Uint8Array;
}> = struct("InvalidVerification", {
  ...accused,
  phase: Phase,
  view,
  header: BlockHeader,
  signature,
  proof: Proof,
  proofPath: ListProof,
  result: VerificationResult,
  resultPath: ListProof,
  counterexample: boundedBytes(COUNTEREXAMPLE_BYTES_MAX),
});
export type InvalidVerification = Infer<typeof InvalidVerification>;

/** Self-contained proof of misbehaviour. */
export const Evidence = union("Evidence", {
  "double-vote": DoubleVote,
  "double-proposal": DoubleProposal,
  "hidden-lock": HiddenLock,
  "invalid-verification": InvalidVerification,
});
export type Evidence = Infer<typeof Evidence>;

/** Why evidence convicts nobody. */
export type EvidenceDefect =
  | "same-digest"
  | "unordered"
  | "lock-not-hidden"
  | "result-not-valid"
  | "not-in-block"
  | "bad-signature";

/**
 * Whether the signatures and the contradiction hold, for the key that the evidence names.
 * `verify`: another way to check one signature.
 * That `key` was `validator`'s at that sequence, and that a counterexample refutes, is not checked.
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
    case "invalid-verification":
      return invalidVerificationDefect(genesis, item, verify);
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

function invalidVerificationDefect(
  genesis: Digest,
  item: InvalidVerification,
  verify: VerifySigned,
): EvidenceDefect | undefined {
  const { header, proof, result } = item;
  if (result.verdict !== "valid") return "result-not-valid";
  const inBlock =
    item.proofPath.index === item.resultPath.index &&
    equalBytes(result.proofHash, Proof.digest(proof)) &&
    verifyListItem({ root: header.proofsRoot, item: Proof.encode(proof), proof: item.proofPath }) &&
    verifyListItem({
      root: header.verificationRoot,
      item: VerificationResult.encode(result),
      proof: item.resultPath,
    });
  if (!inBlock) return "not-in-block";
  const vote = { sequence: header.sequence, view: item.view, digest: blockDigest(header) };
  const signedIt = verify(item.key, signableVote(item.phase, genesis, vote), item.signature);
  return signedIt ? undefined : "bad-signature";
}
