import { equalBytes } from "../bytes.ts";
import { boundedBytes, type Codec, type Infer, signature, struct, view } from "../codec/index.ts";
import type { AccountId, Digest, PublicKey, Signature } from "../ids.ts";
import type { VerifySigned } from "../keys/certificate-scheme.ts";
import { Proof } from "../ledger/proof.ts";
import { VerificationResult } from "../ledger/verification.ts";
import { COUNTEREXAMPLE_BYTES_MAX } from "../limits.ts";
import { ListProof, verifyListItem } from "../list-root.ts";
import { accused } from "./accused.ts";
import { Phase, signableVote } from "./certificate.ts";
import { BlockHeader, blockDigest } from "./header.ts";

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

/** Why an accusation of a wrong verification convicts nobody. */
export type InvalidVerificationDefect = "result-not-valid" | "not-in-block" | "bad-signature";

/**
 * Whether the vote is signed by the key that the evidence names, and the block holds proof and result.
 * That the counterexample refutes the claim is not checked.
 */
export function findInvalidVerificationDefect(
  genesis: Digest,
  item: InvalidVerification,
  verify: VerifySigned,
): InvalidVerificationDefect | undefined {
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
