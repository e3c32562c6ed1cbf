import { type Digest, findProofDefect, type ProofDefect } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import type { CheckProof } from "./admission.ts";

/** Least number of verified proofs whose hashes are remembered. The most is twice as many. */
const VERIFIED_MIN = 32_768;

/**
 * Creates the function that checks the proofs of a chain. It verifies the signatures of a valid
 * proof when the proof arrives, and does not verify them again when a block includes the proof. A
 * proof's hash covers its signatures, so the hash identifies a verified proof.
 */
export function rememberingCheck(chain: Digest): CheckProof {
  // Two generations: to take the oldest out of one large set costs steps over all its holes.
  let young = new Set<string>();
  let old = new Set<string>();
  return (proof, hash): ProofDefect | undefined => {
    const name = keyName(hash);
    if (young.has(name) || old.has(name)) return undefined;
    const defect = findProofDefect(chain, proof);
    if (defect !== undefined) return defect;
    if (young.size >= VERIFIED_MIN) {
      old = young;
      young = new Set();
    }
    young.add(name);
    return undefined;
  };
}
