import {
  type Block,
  equalBytes,
  FalseClaim,
  hashProof,
  ModelsError,
  proofItem,
  proveListItem,
  VerificationResult,
} from "@aethel/models";
import { blockProofs } from "../execution/block-proofs.ts";
import type { Judgement } from "../programs/judge-port.ts";
import { encodeCounterexample } from "../slashing/counterexample.ts";

/**
 * Finds a result in a block's annex that calls an intent `valid` although the Judge refutes it.
 * Returns the encoded claim that convicts everybody who votes for the block. Returns undefined if
 * there is no such result, or if the Judge's counterexample cannot be encoded.
 */
export function findFalseClaim(
  block: Block,
  judgements: readonly (Judgement | undefined)[],
): Uint8Array | undefined {
  const proofs = blockProofs(block);
  for (const [at, judgement] of judgements.entries()) {
    const proof = proofs[at];
    if (judgement?.type !== "judged" || judgement.verdict !== "refuted") continue;
    if (proof?.body.type !== "publish") continue;
    const lie = block.annex.findIndex((entry) => isValidFor(entry, hashProof(proof)));
    const entry = block.annex[lie];
    if (entry === undefined) continue;
    const counterexample = encodeCounterexample(proof.body.source, judgement.counterexample);
    if (counterexample === undefined) continue;
    return FalseClaim.encode({
      proof,
      proofPath: proveListItem(
        proofs.map((one) => proofItem(one).bytes),
        at,
      ),
      result: VerificationResult.decode(entry),
      resultPath: proveListItem(block.annex, lie),
      counterexample,
    });
  }
  return undefined;
}

function isValidFor(entry: Uint8Array, hash: Uint8Array): boolean {
  try {
    const { proofHash, verdict } = VerificationResult.decode(entry);
    return verdict === "valid" && equalBytes(proofHash, hash);
  } catch (error) {
    if (error instanceof ModelsError) return false;
    throw error;
  }
}
