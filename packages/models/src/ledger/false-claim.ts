import { equalBytes } from "../bytes.ts";
import { boundedBytes, type Codec, type Infer, struct } from "../codec/index.ts";
import type { BlockHeader } from "../consensus/header.ts";
import { COUNTEREXAMPLE_BYTES_MAX } from "../limits.ts";
import { ListProof, verifyListItem } from "../list-root.ts";
import { hashProof, Proof } from "./proof.ts";
import { VerificationResult } from "./verification.ts";

/**
 * Result `valid` in a block's annex for a proof that a concrete run refutes: the ledger's claim in
 * evidence of a false header.
 *
 * `counterexample` is in the verifier's canonical form. The verifier's plain evaluation decides
 * whether it refutes the proof; everything else is checked here.
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

/** Reason for which a claim is invalid for a header. */
export type FalseClaimDefect = "result-not-valid" | "not-in-block";

/** Whether the block with this header holds the proof and the result. */
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
