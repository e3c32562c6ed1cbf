import {
  type AccountId,
  findFormDefect,
  isCheckedKey,
  noteAcceptableKey,
  type Proof,
  signersOf,
  toPublicKey,
} from "@aethel/models";
import { reckonLimits, refuseExpired, type SizedProof } from "../admission/admission.ts";
import type { Reckoned } from "../fees/whole-limit.ts";
import type { StateView } from "../pending/state-view.ts";
import { type Refusal, refusal } from "../results/refusal.ts";

/**
 * Cost of the subgroup check of a key, in verifications of a signature: 1.4 ms against 0.14 ms,
 * measured.
 */
export const KEY_CHECK_COST = 10;

/**
 * Computes the most of a block's resources that a proof can take. Returns a refusal for a proof
 * with illegal limits or form, or that has expired. Verifies no signature.
 */
export function reckonUnsigned(sized: SizedProof, view: StateView): Refusal | Reckoned {
  const reckoned = reckonLimits(sized, view.state);
  if ("code" in reckoned) return reckoned;
  const { proof } = sized;
  const defect = findFormDefect(proof);
  if (defect !== undefined) {
    const code = defect === "signature-count" ? "signature" : "shape";
    return refusal(code, `the proof has a defect: ${defect}`);
  }
  return refuseExpired(proof.body, view.next) ?? reckoned;
}

/**
 * Returns the cost of verifying the signatures of a proof: 1 for each, and `KEY_CHECK_COST` more
 * for each key that is in no cache and that, by the state, has never signed.
 */
export function costOfSignatures({ body, signatures }: Proof, view: StateView): number {
  const fresh = signersOf(body).filter((account) => isFresh(account, view));
  return signatures.length + KEY_CHECK_COST * fresh.length;
}

/**
 * Marks the keys of the signers as acceptable that, by the state, have signed before, so that the
 * subgroup check is not repeated for them.
 */
export function noteSigners({ body }: Proof, view: StateView): void {
  for (const account of signersOf(body)) {
    const key = toPublicKey(account);
    if (!isCheckedKey(key) && !isFresh(account, view)) noteAcceptableKey(key);
  }
}

function isFresh(account: AccountId, view: StateView): boolean {
  return !isCheckedKey(account) && view.account(account).nonce === 0;
}
