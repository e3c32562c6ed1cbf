import { type Digest, toHex } from "@aethel/models";

/** Reason for which a proof left the mempool without being in a block. */
export interface ProofRefusal {
  readonly code: string;
  readonly message: string;
}

/** Last refusals by proof hash. The author of a proof can ask for the reason later. */
export interface Refusals {
  readonly add: (hash: Digest, refusal: ProofRefusal) => void;
  readonly find: (hash: Digest) => ProofRefusal | undefined;
}

/** Number of refusals that are kept. A message has a few hundred characters. */
export const REFUSALS_KEPT = 4_096;

/** Creates an empty record of the proofs that left the mempool without being in a block. */
export function createRefusals(): Refusals {
  const kept = new Map<string, ProofRefusal>();
  return {
    add(hash, { code, message }) {
      const key = toHex(hash);
      // Insertion order: the oldest is first.
      kept.delete(key);
      kept.set(key, { code, message });
      const oldest = kept.keys().next().value;
      if (kept.size > REFUSALS_KEPT && oldest !== undefined) kept.delete(oldest);
    },
    find: (hash) => kept.get(toHex(hash)),
  };
}
