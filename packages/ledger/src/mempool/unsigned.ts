import {
  type AccountId,
  findFormDefect,
  type Invoke,
  isCheckedKey,
  noteAcceptableKey,
  type Proof,
  signersOf,
  toPublicKey,
  UNITS,
} from "@aethel/models";
import { reckonLimits, refuseExpired, type SizedProof } from "../admission/admission.ts";
import { type CalledProgram, loadingUnits, loadsOf } from "../calls/find-program.ts";
import type { Reckoned } from "../fees/whole-limit.ts";
import type { StateView } from "../pending/state-view.ts";
import type { Programs } from "../programs/programs.ts";
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
 * Returns the cost of checking a proof, in verifications of a signature: 1 for each signature,
 * `KEY_CHECK_COST` more for each key that is in no cache and that, by the state, has never signed,
 * and the compilation of each plain intent that it calls and whose interface is in no cache.
 */
export function costOfChecks(
  { body, signatures }: Proof,
  view: StateView,
  programs: Pick<Programs, "remembered">,
): number {
  const fresh = signersOf(body).filter((account) => isFresh(account, view));
  const ofSignatures = signatures.length + KEY_CHECK_COST * fresh.length;
  return body.type === "invoke" ? ofSignatures + costOfLoading(body, view, programs) : ofSignatures;
}

/**
 * Most that compiling counts as. It leaves the proof a place in a queue or budget of 4,096, and is
 * about what a block of 8 million units can load.
 */
const LOADING_COST_MAX = 3_840;

/** Returns the cost of compiling what an invoke calls. Contracts are not compiled for admission. */
function costOfLoading(
  { calls }: Invoke,
  view: StateView,
  programs: Pick<Programs, "remembered">,
): number {
  const unknown: CalledProgram[] = [];
  for (const call of calls) {
    if (programs.remembered(call.intent) !== undefined) continue;
    const program = view.programOf(call);
    // The call is refused before anything is compiled.
    if ("code" in program) return 0;
    if (program.kind === "intents") unknown.push(program);
  }
  const cost = Math.ceil(loadingUnits(loadsOf(unknown)) / UNITS.signature);
  return Math.min(cost, LOADING_COST_MAX);
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
