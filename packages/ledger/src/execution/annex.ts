import { type Proof, VerificationResult } from "@aethel/models";

/**
 * Builds the annex of a block: the encoded results of its judged proofs, in the order of the
 * proofs. They are separate entries so that evidence can show one of them to be false.
 */
export function annexOf(
  proofs: readonly Proof[],
  results: readonly VerificationResult[],
): readonly Uint8Array[] {
  return proofs.flatMap(({ body }, at) => {
    const result = results[at];
    const isJudged = body.type !== "invoke" && result !== undefined;
    return isJudged ? [VerificationResult.encode(result)] : [];
  });
}
