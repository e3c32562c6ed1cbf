import { type Proof, VerificationResult } from "@aethel/models";

/**
 * The annex of a block: the result of each judged proof, in the order of the proofs. A block that
 * is false in one of them can be shown to be, entry by entry.
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
