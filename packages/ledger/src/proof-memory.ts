import { type Digest, findProofDefect, type ProofDefect } from "@aethel/models";
import type { CheckProof } from "./admission.ts";
import { keyName } from "./key-name.ts";

/** Verified proofs that are remembered by hash. */
const VERIFIED_MAX = 65_536;

/**
 * `findProofDefect` of a chain, which verifies the signatures of a sound proof once: on arrival,
 * not again in the block. A proof's hash covers its signatures, so a hit is the same proof.
 */
export function rememberingCheck(chain: Digest): CheckProof {
  const sound = new Set<string>();
  return (proof, hash): ProofDefect | undefined => {
    const name = keyName(hash);
    if (sound.has(name)) return undefined;
    const defect = findProofDefect(chain, proof);
    if (defect !== undefined) return defect;
    if (sound.size >= VERIFIED_MAX) {
      const [oldest] = sound;
      if (oldest !== undefined) sound.delete(oldest);
    }
    sound.add(name);
    return undefined;
  };
}
