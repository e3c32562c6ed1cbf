import { equalBytes } from "../bytes.ts";
import { boundedBytes, type Codec, type Infer, struct } from "../codec/index.ts";
import type { BlockHeader } from "../consensus/header.ts";
import { COUNTEREXAMPLE_BYTES_MAX } from "../limits.ts";
import { ListProof, verifyListItem } from "../list-root.ts";
import { hashProof, Proof } from "./proof.ts";
import { VerificationResult } from "./verification.ts";

/**
 * Claim in evidence of a false header, for the ledger: the block's annex has the result `valid` for
 * a proof that a concrete run refutes.
 *
 * `counterexample` is in the verifier's canonical form. Whether it refutes the proof is decided by
 * the verifier's plain evaluation; everything else is checked here.
 */
export const FalseClaim: Codec<{
  readonly proof: Proof;
  readonly proofPath: ListProof;
  readonly result: VerificationResult;
  readonly resultPath: ListProof;
  readonly counterexample: Uint8Array;
}> = struct("FalseClaim", {
  proof: Proof,
  proofPath: ListProof,
  result: VerificationResult,
  resultPath: ListProof,
  counterexample: boundedBytes(COUNTEREXAMPLE_BYTES_MAX),
});
export type FalseClaim = Infer<typeof FalseClaim>;

/** Reason why a claim does not fit a header. */
export type FalseClaimDefect = "result-not-valid" | "not-in-block";

/**
 * Checks that the block with this header contains the proof and the result, and that the result is
 * `valid`. Undefined if so.
 */
export function findFalseClaimDefect(
  header: Pick<BlockHeader, "payloadRoot" | "annexRoot">,
  { proof, proofPath, result, resultPath }: FalseClaim,
): FalseClaimDefect | undefined {
  if (result.verdict !== "valid") return "result-not-valid";
  const inBlock =
    equalBytes(result.proofHash, hashProof(proof)) &&
    verifyListItem({ root: header.payloadRoot, item: Proof.encode(proof), proof: proofPath }) &&
    verifyListItem({
      root: header.annexRoot,
      item: VerificationResult.encode(result),
      proof: resultPath,
    });
  return inBlock ? undefined : "not-in-block";
}
